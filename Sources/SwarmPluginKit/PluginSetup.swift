// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin

/// What an instance learns when it is made. `integer(_:)` and `boolean(_:)` are for the initialiser only.
public struct PluginSetup {
    private let values: OptionValues
    /// For log lines, and the version of the host. Valid as long as the instance.
    public let host: UnsafePointer<swarm_host>
    /// Pieces of the torrent.
    public let pieceCount: Int
    /// Bytes in every piece but the last.
    public let pieceLength: UInt64
    /// Bytes of the whole payload.
    public let totalLength: UInt64

    init(
        host: UnsafePointer<swarm_host>, torrent: UnsafePointer<swarm_torrent>,
        values: UnsafePointer<swarm_option_value>?, valueCount: Int
    ) {
        self.host = host
        self.values = OptionValues(values, count: valueCount)
        self.pieceCount = Int(torrent.pointee.piece_count)
        self.pieceLength = torrent.pointee.piece_length
        self.totalLength = torrent.pointee.total_length
    }

    /// The instance's own random numbers: equal seeds give equal sequences.
    public var random: RandomSource { RandomSource(seed: self.host.pointee.seed) }

    /// The value of the option at `position` in the plugin's table, an integer; 0 when there is none.
    public func integer(_ position: Int) -> Int64 { self.values.integer(position) }

    /// The value of the option at `position` in the plugin's table, a switch; false when there is none.
    public func boolean(_ position: Int) -> Bool { self.integer(position) != 0 }

    /// Writes a line to the daemon's log. Only while the host calls this instance.
    public func log(_ severity: UInt32, _ message: StaticString) {
        guard let log = self.host.pointee.log else { return }
        message.withUTF8Buffer { text in
            text.withMemoryRebound(to: CChar.self) { characters in
                if let start = characters.baseAddress {
                    log(self.host.pointee.context, severity, start, characters.count)
                }
            }
        }
    }
}
