// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct PeerExchangeTests {
    static func peers(_ numbers: Range<Int>) -> [PeerExchangeMessage.Peer] {
        numbers.map { .init(PeerEndpoint(address: IPAddress(v4: 0xC000_0200 + UInt32($0)), port: 6881)) }
    }

    @Test func `a peer hears of everybody once, fifty at a time, and of changes once a minute`() {
        var now = Instant(nanoseconds: 0)
        var outbox = PeerExchangeOutbox(at: now)
        let first = outbox.next(Self.peers(0..<80), at: now)
        #expect(first?.added.count == PeerExchangeMessage.sentLimit && first?.dropped.isEmpty == true)
        #expect(outbox.next(Self.peers(0..<80), at: now + .seconds(59)) == nil)
        now = now + .seconds(60)
        #expect(outbox.next(Self.peers(0..<80), at: now)?.added.count == 30)
        now = now + .seconds(60)
        #expect(outbox.next(Self.peers(0..<80), at: now) == nil)
        let last = outbox.next(Self.peers(79..<81), at: now)
        #expect(last?.added.count == 1 && last?.dropped.count == 50)
        now = now + .seconds(60)
        #expect(outbox.next(Self.peers(79..<81), at: now)?.dropped.count == 29)
        now = now + .seconds(60)
        #expect(outbox.next(Self.peers(79..<81), at: now) == nil)
    }

    @Test func `a flood of messages is not heeded, patience comes back`() {
        var now = Instant(nanoseconds: 0)
        var inbox = PeerExchangeInbox(at: now)
        var heeded = 0
        for _ in 0..<1_000 where inbox.admit(at: now) { heeded += 1 }
        #expect(heeded == 4)
        for _ in 0..<60 {
            now = now + .seconds(60)
            if inbox.admit(at: now) { heeded += 1 }
        }
        #expect(heeded == 64)
    }
}
