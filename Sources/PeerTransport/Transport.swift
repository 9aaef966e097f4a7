// SPDX-License-Identifier: Apache-2.0

import CLinux
package import CSwarmPlugin
package import SwarmModel

/// A transport as its plugin describes it, with the operator's options: makes an engine for each connection. May be used
/// from any thread.
///
/// Unchecked because of the pointers: they lead to what the plugin promises never to change (`swarm_plugin.h`), and to
/// option values that `owner` keeps.
package final class Transport: @unchecked Sendable {
    /// How operators call it.
    package let name: String
    /// What carries it.
    package let carrier: TransportCarrier
    /// What its instances did so far.
    package let meter: TransportMeter
    /// Whom calls are marked with while they go on (`clinux_call_begin`); 0 for nobody.
    let number: UInt16
    let functions: swarm_transport
    let values: UnsafeBufferPointer<swarm_option_value>
    let log: @Sendable (UInt32, String) -> Void
    let whenFaulty: @Sendable (String) -> Void
    private let owner: AnyObject?

    /// `number` marks calls to the plugin, and `functions` were checked: none is missing that this carrier needs. `values` live as long as `owner`; `log` takes
    /// the plugin's lines with one of the ABI's severities. `whenFaulty` hears of each wrong answer what was wrong with it.
    package init(
        name: String, number: UInt16 = 0, carrier: TransportCarrier, functions: swarm_transport,
        values: UnsafeBufferPointer<swarm_option_value>, owner: AnyObject?, meter: TransportMeter,
        log: @escaping @Sendable (UInt32, String) -> Void, whenFaulty: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.name = name
        self.number = number
        self.carrier = carrier
        self.functions = functions
        self.values = values
        self.owner = owner
        self.meter = meter
        self.log = log
        self.whenFaulty = whenFaulty
    }

    /// Whether its responders learn the torrent from the transport, before the peers' own handshake.
    package var namesTorrents: Bool { self.functions.torrent_name != nil }

    /// Whether the first bytes that a peer sent can be the beginning of this transport. Streams only.
    package func mayBegin(with bytes: UnsafeRawBufferPointer) -> Bool {
        guard !self.meter.isTurnedOff, let recognizes = self.functions.recognizes, let start = bytes.baseAddress
        else { return false }
        let outer = clinux_call_begin(self.number)
        defer { clinux_call_end(outer) }
        return recognizes(start.assumingMemoryBound(to: UInt8.self), bytes.count) == 1
    }

    /// The name by which its initiators call a torrent; nil when they do not.
    package func name(of infoHash: InfoHash) -> Bytes20? {
        guard let torrentName = self.functions.torrent_name else { return nil }
        let outer = clinux_call_begin(self.number)
        defer { clinux_call_end(outer) }
        let length = Int(SWARM_HASH_LENGTH)
        let name = [UInt8](unsafeUninitializedCapacity: length) { room, filled in
            room.initialize(repeating: 0)
            torrentName(infoHash.bytes, room.baseAddress)
            filled = length
        }
        return Bytes20(name)
    }

    /// Where a datagram belongs; nil when it is none of this transport's. Datagrams only.
    package func route(_ datagram: UnsafeRawBufferPointer) -> TransportRoute? {
        guard let route = self.functions.route, let start = datagram.baseAddress else { return nil }
        let outer = clinux_call_begin(self.number)
        defer { clinux_call_end(outer) }
        var answer = swarm_route(struct_size: UInt32(MemoryLayout<swarm_route>.size), key: 0, opens: 0)
        guard route(start.assumingMemoryBound(to: UInt8.self), datagram.count, &answer) == 1 else { return nil }
        return TransportRoute(key: answer.key, opens: answer.opens == 1)
    }

    /// Whether it serves connections at all under this word of the operator.
    package func serves(_ encryption: LinkEncryption) -> Bool {
        self.connect(LinkSettings(role: .responder, encryption: encryption, seed: 0), at: Instant(nanoseconds: 0))
            != nil
    }

    /// An engine for one connection; nil when the transport does not serve it, as one that does not encrypt where that is
    /// required, or one that was turned off. An initiator may have something to send at once: `transmitted`.
    package func connect(_ link: LinkSettings, at now: Instant) -> TransportInstance? {
        guard !self.meter.isTurnedOff else { return nil }
        let instance = TransportInstance(self, link)
        return instance.start(link, at: now) ? instance : nil
    }
}
