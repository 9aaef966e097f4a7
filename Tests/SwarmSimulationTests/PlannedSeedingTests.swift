// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Swarming
import Testing

/// A source that suggests to each peer what nobody else was sent: see `SeedPlan`.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct PlannedSeedingTests {
    private static let geometry = Fixture.geometry(pieces: 64)

    private func simulation(_ seed: UInt64, of geometry: TorrentGeometry = Self.geometry) -> Simulation {
        let simulation = Simulation(geometry: geometry, seed: seed)
        simulation.checks = .never
        return simulation
    }

    /// Seconds that one peer takes whose source is so far away, alone or with another that leaves early.
    private func fetch(_ delay: Interval, isKin: Bool, otherLeaves: Instant?) throws -> Double {
        let simulation = self.simulation(1)
        for isSeed in [true, false] {
            var profile = Fixture.peer(strategy: Fixture.strategy())
            profile.isSeed = isSeed
            profile.isKin = isKin
            profile.link.delay = Interval(nanoseconds: delay.nanoseconds / 2)
            try simulation.add(profile)
        }
        if let otherLeaves {
            let other = try simulation.add(Fixture.peer(strategy: Fixture.strategy()))
            simulation.at(otherLeaves) { $0.leave(other) }
        }
        let report = simulation.run(limit: .seconds(600))
        #expect(report.ending == .over)
        return report.nodes[1].duration?.inSeconds ?? .infinity
    }

    @Test func `a lone peer far away is not held up by suggestions`() throws {
        let least = Double(Self.geometry.totalLength) / Fixture.uplink
        let time = try self.fetch(.milliseconds(200), isKin: true, otherLeaves: nil)
        #expect(time < least * 1.15, "\(time) s where \(least) s would do")
    }

    /// Suggestions end when one peer is left, which then must not go on waiting for them.
    @Test func `nor is one whose only companion has left`() throws {
        let (told, untold) = try (
            self.fetch(.milliseconds(200), isKin: true, otherLeaves: Fixture.seconds(6)),
            self.fetch(.milliseconds(200), isKin: false, otherLeaves: Fixture.seconds(6))
        )
        #expect(told < untold * 1.15, "\(told) s with suggestions, \(untold) s without")
    }

    /// The bound is the time in which the seed sends everything once: lines upwards are all alike. Without suggestions the
    /// last peer takes 1.42 times as long in each of the seeds 1 to 6; with them it is 1.17 to 1.23.
    @Test(arguments: UInt64(1)...3)
    func `twenty peers have everything soon after the seed has sent it once`(_ seed: UInt64) throws {
        let simulation = self.simulation(seed, of: Fixture.geometry(pieces: 256))
        try simulation.add(Fixture.seed(strategy: Fixture.strategy()))
        for _ in 0..<20 { try simulation.add(Fixture.peer(strategy: Fixture.strategy())) }
        let whole = Double(simulation.geometry.totalLength)
        var sent = Double.infinity
        // The seed itself has one copy.
        for second in Int64(1)...120 {
            simulation.at(Fixture.seconds(second)) { simulation in
                if sent.isInfinite, simulation.copies >= 2 { sent = Double(simulation.uploaded(by: 0)) / whole }
            }
        }
        let report = simulation.run(limit: .seconds(3_600))
        #expect(report.ending == .over)
        let last = (report.durations.last ?? .infinity) * Fixture.uplink / whole
        #expect(sent < 1.15, "seed \(seed): the seed sent \(sent) copies before all was out")
        #expect(last < 1.3, "seed \(seed): the last peer took \(last) times as long as it takes to send all once")
    }
}
