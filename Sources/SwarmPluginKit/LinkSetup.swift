// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin

/// What a transport's instance learns of its connection. For the initialiser only.
public struct LinkSetup {
    private let connection: UnsafePointer<swarm_link>
    private let host: UnsafePointer<swarm_host>
    private let values: OptionValues
    /// What the host does for the connection, as long as the instance lives.
    public let link: Link

    init(
        host: UnsafePointer<swarm_host>, functions: UnsafePointer<swarm_link_host>,
        connection: UnsafePointer<swarm_link>, values: UnsafePointer<swarm_option_value>?, valueCount: Int
    ) {
        self.connection = connection
        self.host = host
        self.values = OptionValues(values, count: valueCount)
        self.link = Link(functions, host)
    }

    /// Whether we began the connection.
    public var isInitiator: Bool { self.connection.pointee.role == SWARM_ROLE_INITIATOR }
    /// The operator's word: a `SWARM_ENCRYPTION_` constant.
    public var encryption: UInt32 { self.connection.pointee.encryption }
    /// Datagrams: the key under which they are passed to this instance.
    public var key: UInt32 { self.connection.pointee.key }
    /// Datagrams: payload of the largest that the network's first hop takes.
    public var maximumDatagram: Int { Int(self.connection.pointee.maximum_datagram) }
    /// Datagrams: whether the peer's address is IPv6.
    public var isV6: Bool { self.connection.pointee.is_ipv6 != 0 }
    /// The `SWARM_HASH_LENGTH` bytes of the torrent, for an initiator; nil for a responder.
    public var infoHash: UnsafePointer<UInt8>? { self.connection.pointee.info_hash }
    /// The time now.
    public var now: Int64 { self.connection.pointee.now }
    /// The instance's own random numbers, not for secrets.
    public var random: RandomSource { RandomSource(seed: self.host.pointee.seed) }

    /// The value of the option at `position` in the plugin's table, an integer; 0 when there is none.
    public func integer(_ position: Int) -> Int64 { self.values.integer(position) }
    /// The value of the option at `position` in the plugin's table, a switch; false when there is none.
    public func boolean(_ position: Int) -> Bool { self.values.integer(position) != 0 }
}
