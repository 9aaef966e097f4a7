// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Swarming
import Testing

/// How the machines and tit-for-tat get over peers that fall silent.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct SilenceTests {
    /// Half of those that trade with each other fall silent in the middle, or leave: whoever waits for a silent peer has to
    /// find out by itself. Returns how long the last of the others took, in seconds.
    private func lose(
        _ seed: UInt64, by: @escaping (Simulation, Int) -> Void
    ) throws -> Double {
        let simulation = Simulation(geometry: Fixture.geometry(pieces: 96, kibibytes: 32), seed: seed)
        simulation.checks = .never
        let strategy = Fixture.strategy()
        try simulation.add(Fixture.seed(0.0625, strategy: strategy))
        var peer = Fixture.peer(0.125, strategy: strategy)
        peer.uploadSlots = .fixed(4)
        for _ in 0..<12 { try simulation.add(peer) }
        let lost = Array(7...12)
        simulation.at(Fixture.seconds(40)) { simulation in
            #expect((1...12).allSatisfy { !simulation.isComplete($0) })
            for node in lost { by(simulation, node) }
        }
        let report = simulation.run(limit: .seconds(3600))
        #expect(report.ending == .over)
        let durations = report.nodes[1...6].compactMap { $0.duration?.inSeconds }
        #expect(durations.count == 6)
        return durations.max() ?? .infinity
    }

    @Test(arguments: [UInt64(1), 2])
    func `when partners fall silent the others find new ones`(_ seed: UInt64) throws {
        let left = try self.lose(seed) { $0.leave($1) }
        let silent = try self.lose(seed) { $0.silence($1) }
        #expect(silent < left + 90, "seed \(seed): took \(silent) s, and \(left) s when they left")
    }
}
