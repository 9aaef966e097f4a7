// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Swarming
import Testing

/// What the strategies that ship are there for, each over a few fixed seeds.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct StrategyTests {
    private static let all = ["rarest-first", "random", "sequential"]

    @Test func `when the seed leaves after 1.1 copies, rarest first keeps every piece, others not as often`() throws {
        let seeds: ClosedRange<UInt64> = 1...3
        let alive = try Self.all.map { picker in
            try seeds.count { try self.survives(picker, seed: $0) }
        }
        #expect(alive[0] == seeds.count, "rarest-first kept every piece in \(alive[0]) of \(seeds.count) swarms")
        #expect(alive[1] < alive[0], "random kept every piece in \(alive[1]) of \(seeds.count) swarms")
        #expect(alive[2] < alive[0], "sequential kept every piece in \(alive[2]) of \(seeds.count) swarms")
    }

    /// Whether those that are left have every piece between them, a while after the seed has gone.
    private func survives(_ picker: String, seed: UInt64) throws -> Bool {
        let simulation = Simulation(geometry: Fixture.geometry(pieces: 256), seed: seed)
        simulation.checks = .never
        let strategy = Fixture.strategy(picker: picker)
        var source = Fixture.seed(strategy: strategy)
        source.uploadSlots = .fixed(1)
        source.departure = .afterCopies(1.1)
        try simulation.add(source)
        for _ in 0..<8 { try simulation.add(Fixture.peer(strategy: strategy)) }
        _ = simulation.run(limit: .seconds(3600)) { $0.hasLeft(0) }
        #expect(Double(simulation.uploaded(by: 0)) >= 1.1 * Double(simulation.geometry.totalLength))
        _ = simulation.run(limit: .seconds(20)) { _ in false }
        return simulation.copies > 0
    }

    @Test(arguments: ["rarest-first", "sequential"])
    func `the endgame costs little`(_ picker: String) throws {
        let geometry = Fixture.geometry(pieces: 128, kibibytes: 64)
        let simulation = Simulation(geometry: geometry, seed: 1)
        let strategy = Fixture.strategy(picker: picker)
        try simulation.add(Fixture.seed(2, strategy: strategy))
        for share in [0.25, 0.5, 1, 1, 2, 0.25] { try simulation.add(Fixture.peer(share, strategy: strategy)) }
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .over)
        #expect(report.wastedShare < 0.05, "\(report.wastedShare * 100) % came in vain")
    }
}
