// SPDX-License-Identifier: Apache-2.0

/// Base of transports in Swift: one instance a connection. Override what is needed; `swarm_transport.h` tells when each is
/// called and what must be answered.
open class Transport {
    /// What the host does for this connection.
    public let link: Link

    /// A transport for the connection that `setup` describes. An initiator's initialiser may transmit.
    public init(_ setup: LinkSetup) {
        self.link = setup.link
    }

    /// What came: on a stream any number of bytes, on datagrams one datagram. May be changed in place.
    open func received(_ bytes: UnsafeMutableBufferPointer<UInt8>, now: Int64) {}
    /// Takes the first of these plain bytes, a stream all of them, and returns how many. May be changed in place.
    open func write(_ bytes: UnsafeMutableBufferPointer<UInt8>, now: Int64) -> Int { 0 }
    /// A run of calls is over.
    open func settle(now: Int64) {}
    /// When `timerFired` wants to be called; `Int64.max` for never.
    open var deadline: Int64 { .max }
    /// The deadline has passed.
    open func timerFired(now: Int64) {}
    /// The host takes `count` more plain bytes. Datagrams only.
    open func setWindow(_ count: Int, now: Int64) {}
    /// We end the connection in order.
    open func close(now: Int64) {}
}
