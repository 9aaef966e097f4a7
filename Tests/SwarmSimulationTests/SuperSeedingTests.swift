// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Swarming
import Testing

@Suite struct SuperSeedingTests {
    /// How many copies the seed has sent when ten peers have every piece between them.
    private func copiesSent(superSeeds: Bool, seed: UInt64) throws -> Double {
        let simulation = Simulation(geometry: Fixture.geometry(pieces: 128), seed: seed)
        simulation.checks = .never
        var source = Fixture.seed()
        source.superSeeds = superSeeds
        source.uploadSlots = .fixed(4)
        // Peers of its own kind are told what to fetch, and need no such trick.
        source.isKin = false
        try simulation.add(source)
        for _ in 0..<10 { try simulation.add(Fixture.peer()) }
        // The seed itself has one copy.
        _ = simulation.run(limit: .seconds(3_600)) { $0.copies >= 2 }
        #expect(simulation.copies >= 2)
        return Double(simulation.uploaded(by: 0)) / Double(simulation.geometry.totalLength)
    }

    @Test func `a source that super-seeds sends hardly more than one copy before all of it is out`() throws {
        for seed in Fixture.seeds([1, 2, 3]) {
            let plain = try self.copiesSent(superSeeds: false, seed: seed)
            let sparing = try self.copiesSent(superSeeds: true, seed: seed)
            #expect(sparing < 1.25, "\(sparing) copies, seed \(seed)")
            #expect(sparing < plain, "\(sparing) copies against \(plain), seed \(seed)")
        }
    }

    @Test func `everybody gets everything from a source that super-seeds, one alone too`() throws {
        for count in [1, 2, 8] {
            let simulation = Simulation(geometry: Fixture.geometry(pieces: 64), seed: 7)
            var source = Fixture.seed()
            source.superSeeds = true
            try simulation.add(source)
            for _ in 0..<count { try simulation.add(Fixture.peer()) }
            let report = simulation.run(limit: .seconds(3_600))
            #expect(report.ending == .over, "\(count) peers")
        }
    }
}
