// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Testing

/// Everything that can go wrong, at once.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct StormTests {
    @Test(arguments: Fixture.seeds([1, 2]))
    func `whatever goes wrong, whoever stays gets everything`(_ seed: UInt64) throws {
        print("storm: SWARM_SEED=\(seed)")
        var random = SplitMix64(seed: ~seed)
        let simulation = Simulation(geometry: Fixture.geometry(pieces: 24), seed: seed)
        simulation.checks = .everyEvent
        let strategy = Fixture.strategy()
        for _ in 0..<2 { try simulation.add(Fixture.seed(strategy: strategy)) }
        for number in 0..<8 { try self.add(number, to: simulation, strategy, &random) }
        let report = simulation.run(limit: .seconds(2 * 3600))
        #expect(report.ending == .over, "seed \(seed)")
        #expect(report.stuck.isEmpty, "seed \(seed): \(report.stuck)")
    }

    private func add(
        _ number: Int, to simulation: Simulation, _ strategy: SimulatedStrategy, _ random: inout SplitMix64
    ) throws {
        var profile = Fixture.peer([0.25, 1, 4][Int(random.next(below: 3))], strategy: strategy)
        profile.joinsAt = Fixture.seconds(Int64(random.next(below: 20)))
        profile.link.loss = [0, 0.001, 0.02][Int(random.next(below: 3))]
        profile.link.delay = .milliseconds(Int64(1 + random.next(below: 150)))
        profile.link.meanLifetime = random.next(below: 2) == 0 ? .seconds(40) : nil
        profile.maximumOpenPieces = 1 + Int(random.next(below: 12))
        profile.maximumRequestsPerBlock = 1 + Int(random.next(below: 3))
        profile.disk.writeRate = [20e3, 1e6, 200e6][Int(random.next(below: 3))]
        switch random.next(below: 6) {
        case 0: profile.behaviour = .liar(0.3)
        case 1: profile.behaviour = .freeRider
        case 2: profile.disk.capacity = simulation.geometry.totalLength / 3
        default: break
        }
        let node = try simulation.add(profile)
        if profile.disk.capacity != .max {
            simulation.at(Fixture.seconds(60)) { $0.setCapacity(.max, of: node) }
        }
        let moment = profile.joinsAt + .seconds(Int64(random.next(below: 30)))
        switch random.next(below: 6) {
        case 0: simulation.at(moment) { $0.silence(node) }
        case 1: simulation.at(moment) { $0.leave(node) }
        case 2: simulation.at(moment) { $0.resetConnections(of: node) }
        default: break
        }
    }
}
