// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore

@Suite struct ConnectionIDTests {
    @Test func `the hash is SipHash-2-4`() {
        // Key 00…0f, message 00…17: of the table that the hash's authors publish.
        let hash = SipHash(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
        let value = hash.hash(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908, 0x1716_1514_1312_1110)
        #expect(value == 0xb8ad_50c6_f649_af94)
    }

    private let start = Instant(nanoseconds: 7_000_000_000_000_000)

    private func issuer(_ seed: UInt64 = 1, lifetime: Interval = .seconds(600)) -> ConnectionIDIssuer {
        var random = SplitMix64(seed: seed)
        return ConnectionIDIssuer(lifetime: lifetime, random: &random)
    }

    @Test func `an id is good for the address that it was given to`() {
        let issuer = self.issuer()
        for address in [Swarm.v4(1), Swarm.v6(1)] {
            let id = issuer.issue(to: address, at: self.start)
            #expect(issuer.accepts(id, from: address, at: self.start))
            #expect(!issuer.accepts(id, from: Swarm.v4(2), at: self.start))
            #expect(!issuer.accepts(id, from: Swarm.v6(2), at: self.start))
        }
    }

    @Test func `the same number in the other family is another address`() throws {
        let issuer = self.issuer()
        let v6 = try #require(IPAddress("::a00:1"))
        #expect(v6.low == Swarm.v4(1).low)
        let id = issuer.issue(to: Swarm.v4(1), at: self.start)
        #expect(!issuer.accepts(id, from: v6, at: self.start))
    }

    @Test func `another tracker's ids are not accepted`() {
        let id = self.issuer(1).issue(to: Swarm.v4(1), at: self.start)
        #expect(!self.issuer(2).accepts(id, from: Swarm.v4(1), at: self.start))
    }

    @Test(arguments: [120, 600, 86_400])
    func `an id is accepted for its life and hardly longer`(seconds: Int64) {
        let issuer = self.issuer(lifetime: .seconds(seconds))
        let id = issuer.issue(to: Swarm.v4(1), at: self.start)
        #expect(issuer.accepts(id, from: Swarm.v4(1), at: self.start + .seconds(seconds)))
        #expect(!issuer.accepts(id, from: Swarm.v4(1), at: self.start + .seconds(seconds + 4)))
        #expect(!issuer.accepts(id, from: Swarm.v4(1), at: self.start + .seconds(30 * 86_400)))
    }

    @Test func `an id of the future is not accepted`() {
        let issuer = self.issuer()
        let id = issuer.issue(to: Swarm.v4(1), at: self.start + .seconds(60))
        #expect(!issuer.accepts(id, from: Swarm.v4(1), at: self.start))
    }

    @Test func `on a clock that has just begun nothing older is accepted`() {
        let issuer = self.issuer()
        let begin = Instant(nanoseconds: 5)
        #expect(issuer.accepts(issuer.issue(to: Swarm.v4(1), at: begin), from: Swarm.v4(1), at: begin))
        for guess in [0xffff_0000_0000_0000, 0xfff0_1234_5678_9abc, 0, .max] as [UInt64] {
            #expect(!issuer.accepts(guess, from: Swarm.v4(1), at: begin))
        }
    }

    @Test func `a changed bit is noticed`() {
        let issuer = self.issuer()
        let id = issuer.issue(to: Swarm.v4(1), at: self.start)
        for bit in 0..<64 {
            #expect(!issuer.accepts(id ^ 1 << UInt64(bit), from: Swarm.v4(1), at: self.start), "bit \(bit)")
        }
    }
}
