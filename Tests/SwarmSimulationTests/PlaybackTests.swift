// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@testable import SwarmSimulation

@Suite struct PlaybackTests {
    private static let geometry = Fixture.geometry(pieces: 4)

    /// Pieces of one second each, stored so many seconds after the beginning.
    private func play(_ times: [Int64?], buffered: Int = 1) -> Playback {
        var outcome = NodeOutcome(node: 0, isSeed: false, joinedAt: Fixture.seconds(0), pieceCount: 4)
        outcome.pieceTimes = times.map { $0.map(Fixture.seconds) }
        return Playback(of: outcome, geometry: Self.geometry, rate: 65536, buffered: buffered)
    }

    @Test func `pieces that come in time are shown without a stall`() {
        let playback = self.play([2, 3, 1, 5])
        #expect(playback.startedAt == Fixture.seconds(2))
        #expect(playback.stalls == 0)
        #expect(playback.shown == 4)
    }

    @Test func `a late piece is a stall for as long as it is late`() {
        let playback = self.play([1, 2, 6, 6])
        #expect(playback.stalls == 1)
        #expect(playback.stalledFor == .seconds(3))
        #expect(playback.waited == .seconds(4))
    }

    @Test func `a piece that never comes ends it`() {
        let playback = self.play([1, 2, nil, 4])
        #expect(playback.stalls == 1)
        #expect(playback.shown == 2)
        #expect(playback.waited == nil)
        #expect(self.play([nil, 1, 1, 1]).startedAt == nil)
    }

    @Test func `it begins when what is to be buffered is there`() {
        let playback = self.play([1, 4, 4, 4], buffered: 2)
        #expect(playback.startedAt == Fixture.seconds(4))
        #expect(playback.stalls == 0)
    }
}
