// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Swarming
import Testing

/// What the picker deadline is for.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct DeadlineTests {
    /// A viewer in a swarm of peers slow and fast, and seeds.
    private func watch(_ picker: String, seed: UInt64) throws -> Playback {
        let geometry = Fixture.geometry(pieces: 160, kibibytes: 64)
        let simulation = Simulation(geometry: geometry, seed: seed)
        simulation.checks = .never
        for share in [1, 1, 0.5, 0.5, 0.25] { try simulation.add(Fixture.seed(share, strategy: Fixture.strategy())) }
        for share in [0.25, 0.5, 1, 1] { try simulation.add(Fixture.peer(share, strategy: Fixture.strategy())) }
        var profile = Fixture.peer(strategy: Fixture.strategy(picker: picker))
        profile.link.down = Fixture.uplink / 2
        let viewer = try simulation.add(profile)
        let report = simulation.run(limit: .seconds(3600))
        let took = try #require(report.nodes[viewer].duration?.inSeconds)
        let rate = Double(geometry.totalLength) / took / 2
        // A player has twenty seconds of it before it begins, of the thirty that the picker looks ahead: so long does what
        // is asked of a slow peer wait behind what it was asked for before.
        return Playback(of: report.nodes[viewer], geometry: geometry, rate: rate, buffered: 20)
    }

    @Test(arguments: UInt64(1)...6)
    func `deadline never stalls when half the download rate is played, and begins soon`(_ seed: UInt64) throws {
        let playback = try self.watch("deadline", seed: seed)
        #expect(playback.stalls == 0, "seed \(seed): stood still for \(playback.stalledFor.inSeconds) s")
        #expect(playback.shown == 160)
        let wait = try #require(playback.waited)
        let rarest = try #require(try self.watch("rarest-first", seed: seed).waited)
        #expect(
            wait.inSeconds * 1.5 < rarest.inSeconds,
            "waited \(wait.inSeconds) s, with rarest-first \(rarest.inSeconds) s"
        )
    }
}
