// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@testable import PeerNetwork

/// Which address is dialled when, and how.
@Suite struct CandidatesTests {
    private let endpoint = PeerEndpoint(address: IPAddress(v4: 0x0a00_0001), port: 6_881)

    private func time(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func candidates(ways: Int) -> PeerCandidates {
        var candidates = PeerCandidates(wayCount: ways)
        candidates.insert(self.endpoint, at: self.time(0))
        return candidates
    }

    @Test func `every way is tried at once after the one before, and only then comes the pause`() {
        var candidates = self.candidates(ways: 3)
        for left in [[0, 1, 2], [1, 2], [2]] {
            let next = candidates.next(at: self.time(0))
            #expect(next == self.endpoint)
            #expect(candidates.ways(to: self.endpoint) == left)
            let goesOn = candidates.failed(self.endpoint, ways: 1, at: self.time(0))
            #expect(goesOn == (left.count > 1))
        }
        let early = candidates.next(at: self.time(14))
        let later = candidates.next(at: self.time(15))
        #expect(early == nil && later == self.endpoint)
        #expect(candidates.ways(to: self.endpoint) == [0, 1, 2])
    }

    @Test func `ways that cannot work are passed over together`() {
        var candidates = self.candidates(ways: 3)
        let goesOn = candidates.failed(self.endpoint, ways: 2, at: self.time(0))
        #expect(goesOn && candidates.ways(to: self.endpoint) == [2])
        let goesOnStill = candidates.failed(self.endpoint, at: self.time(0))
        #expect(!goesOnStill)
        #expect(candidates.nextDial == self.time(15))
    }

    @Test func `the way that worked is tried first from then on`() {
        var candidates = self.candidates(ways: 3)
        candidates.failed(self.endpoint, ways: 1, at: self.time(0))
        candidates.worked(self.endpoint, way: 1)
        candidates.released(self.endpoint, pause: .seconds(15), at: self.time(0))
        #expect(candidates.ways(to: self.endpoint) == [1, 0, 2])
        candidates.failed(self.endpoint, ways: 1, at: self.time(20))
        #expect(candidates.ways(to: self.endpoint) == [0, 2])
    }

    @Test func `an address that never works is forgotten after six rounds`() {
        var candidates = self.candidates(ways: 2)
        for round in 1...PeerCandidates.patience {
            #expect(candidates.count == 1)
            let outcomes = (0..<2).map { _ in candidates.failed(self.endpoint, ways: 1, at: self.time(Int64(round))) }
            #expect(outcomes == [true, false])
        }
        #expect(candidates.count == 0)
    }

    @Test func `handshakes that compute are given out at a bounded rate`() {
        let budget = HandshakeBudget(at: self.time(0))
        let burst = Int(HandshakeBudget.burst)
        #expect((0..<2 * burst).count { _ in budget.take(at: self.time(0)) } == burst)
        #expect(
            (0..<2 * burst).count { _ in budget.take(at: self.time(1)) } == Int(HandshakeBudget.perSecond))
        #expect((0..<2 * burst).count { _ in budget.take(at: self.time(100)) } == burst)
        #expect(!budget.take(at: self.time(50)))
    }

    @Test func `who is found in both swarms of a hybrid is called by the v2 name`() {
        for order in [[ProtocolVersion.v1, .v2], [.v2, .v1]] {
            var candidates = PeerCandidates(wayCount: 1)
            for version in order { candidates.insert(self.endpoint, in: version, at: self.time(0)) }
            #expect(candidates.version(of: self.endpoint) == .v2 && candidates.count == 1)
        }
    }

    @Test func `who does not answer to one name is called by the other, and the one that worked is kept`() {
        var candidates = self.candidates(ways: 2)
        var versions: [ProtocolVersion] = []
        for _ in 0..<3 {
            versions.append(candidates.version(of: self.endpoint))
            candidates.failed(self.endpoint, ways: 1, at: self.time(0))
            #expect(candidates.version(of: self.endpoint) == versions.last)
            candidates.failed(self.endpoint, ways: 1, at: self.time(0))
        }
        #expect(versions == [.v1, .v2, .v1])
        candidates.worked(self.endpoint, way: 0, in: .v2)
        candidates.released(self.endpoint, pause: .seconds(15), at: self.time(0))
        #expect(candidates.version(of: self.endpoint) == .v2)
    }
}
