// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@testable import Swarming

@Suite struct InitialSeedingTests {
    /// Plays rounds of ten seconds in which so much goes out to so many; returns how many were served after each.
    private func play(rounds: Int, wanting: Int = 100, _ rate: (Int) -> Double) -> [Int] {
        var seeding = InitialSeeding()
        var now = Instant(nanoseconds: 0)
        return (0..<rounds).map { _ in
            now = now + .seconds(10)
            seeding.advance(rate: rate(seeding.count), wanting: wanting, interval: .seconds(10), at: now)
            return seeding.count
        }
    }

    @Test func `a line that a few fill serves a few, but for a round now and then`() {
        let counts = self.play(rounds: 40) { _ in 100_000 }
        #expect(counts.allSatisfy { $0 == 2 || $0 == 3 })
        #expect(counts.count { $0 == 3 } <= 7)
        #expect(counts.contains(3))
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 == 2 || $1 == 2 }, "never for two rounds")
    }

    @Test func `a line that has room for more serves as many as it takes to fill it`() {
        let counts = self.play(rounds: 60) { 10_000 * Double(min($0, 20)) }
        #expect(counts.suffix(20).allSatisfy { $0 >= 18 })
        #expect(counts.prefix(12).contains { $0 >= 18 }, "within two minutes: \(counts)")
    }

    @Test func `no more are served than want to be`() {
        #expect(self.play(rounds: 30, wanting: 5) { 10_000 * Double($0) }.max() == 5)
        #expect(self.play(rounds: 30, wanting: 0) { _ in 0 }.allSatisfy { $0 == 2 })
    }

    @Test func `rounds that were hastened count as one`() {
        var seeding = InitialSeeding()
        for second in 0..<30 {
            seeding.advance(
                rate: 1000 * Double(second), wanting: 50, interval: .seconds(10),
                at: Instant(nanoseconds: Int64(second) * 1_000_000_000))
        }
        #expect(seeding.count == 4, "decided thrice: watched, tried three, found that good and tried four")
    }

    @Test func `a seed serves fewer while it alone has some of the pieces, unless told how many`() throws {
        for (slots, expected) in [(UploadSlots.automatic, 2), (.fixed(4), 4)] {
            var configuration = SwarmConfiguration()
            configuration.uploadSlots = slots
            let torrent = Torrent(have: Array(0..<8), configuration: configuration)
            for slot in 0..<6 {
                torrent.join(slot, having: Array(0..<7))
                _ = torrent.interest(slot, true)
            }
            torrent.now = torrent.now + .seconds(10)
            _ = torrent.round([])
            #expect((0..<6).count { torrent.swarm.isUnchoked($0) } == expected)
            torrent.swarm.peerHas(0, PieceIndex(7))
            torrent.now = torrent.now + .seconds(10)
            _ = torrent.round([])
            #expect((0..<6).count { torrent.swarm.isUnchoked($0) } == 4, "now somebody else has the last one")
        }
    }

    @Test func `pieces that a tracker counts elsewhere are no reason to serve fewer`() {
        var configuration = SwarmConfiguration()
        configuration.uploadSlots = .automatic
        let torrent = Torrent(have: Array(0..<8), configuration: configuration)
        for slot in 0..<6 {
            torrent.join(slot, having: [])
            _ = torrent.interest(slot, true)
        }
        torrent.swarm.setTrackerCounts(PieceIndex(0), Array(repeating: 2, count: 8))
        _ = torrent.round([])
        #expect((0..<6).count { torrent.swarm.isUnchoked($0) } == 4)
    }
}
