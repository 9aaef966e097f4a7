// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin

/// What the host does for one connection; `swarm_link_host` of `swarm_transport.h`. Only while the host calls the
/// connection's instance.
public struct Link {
    private let functions: UnsafePointer<swarm_link_host>
    private let host: UnsafePointer<swarm_host>

    init(_ functions: UnsafePointer<swarm_link_host>, _ host: UnsafePointer<swarm_host>) {
        self.functions = functions
        self.host = host
    }

    /// Gives plain bytes from the peer to the host.
    public func deliver(_ bytes: UnsafePointer<UInt8>, count: Int) {
        self.functions.pointee.deliver(self.functions.pointee.context, bytes, count)
    }

    /// Sends bytes of a stream, or one datagram.
    public func transmit(_ bytes: UnsafePointer<UInt8>, count: Int) {
        self.functions.pointee.transmit(self.functions.pointee.context, bytes, count)
    }

    /// Plain bytes may flow from now on.
    public func opened() {
        self.functions.pointee.changed(self.functions.pointee.context, SWARM_LINK_OPEN, nil)
    }

    /// The carrier's bytes are the plain bytes from now on.
    public func bypassed() {
        self.functions.pointee.changed(self.functions.pointee.context, SWARM_LINK_BYPASSED, nil)
    }

    /// The peer ended the connection in order.
    public func ended() {
        self.functions.pointee.changed(self.functions.pointee.context, SWARM_LINK_ENDED, nil)
    }

    /// The connection cannot go on, for the reason given in a few words.
    public func failed(_ reason: StaticString) {
        let text = UnsafeRawPointer(reason.utf8Start).assumingMemoryBound(to: CChar.self)
        self.functions.pointee.changed(self.functions.pointee.context, SWARM_LINK_FAILED, text)
    }

    /// More is taken after `write` took less than it was given.
    public func becameWritable() {
        self.functions.pointee.writable(self.functions.pointee.context)
    }

    /// Looks up a torrent by the `SWARM_HASH_LENGTH` bytes at `name` and writes its info-hash to `infoHash`; false when
    /// no such torrent takes connections.
    public func findTorrent(_ name: UnsafePointer<UInt8>, infoHash: UnsafeMutablePointer<UInt8>) -> Bool {
        self.functions.pointee.find_torrent(self.functions.pointee.context, name, infoHash) == 1
    }

    /// Fills memory with random bytes fit for keys.
    public func fillRandomly(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) {
        guard let fill = self.host.pointee.secure_random else { return }
        fill(self.host.pointee.context, bytes, count)
    }

    /// Writes a line to the daemon's log.
    public func log(_ severity: UInt32, _ message: StaticString) {
        guard let log = self.host.pointee.log else { return }
        let text = UnsafeRawPointer(message.utf8Start).assumingMemoryBound(to: CChar.self)
        log(self.host.pointee.context, severity, text, message.utf8CodeUnitCount)
    }
}
