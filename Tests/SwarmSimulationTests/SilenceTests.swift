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
        _ seed: UInt64, _ isKin: Bool, by: @escaping (Simulation, Int) -> Void
    ) throws -> Double {
        let simulation = Simulation(geometry: Fixture.geometry(pieces: 96, kibibytes: 32), seed: seed)
        simulation.checks = .never
        let strategy = Fixture.strategy()
        var source = Fixture.seed(0.0625, strategy: strategy)
        source.isKin = isKin
        try simulation.add(source)
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

    /// A seed that cannot tell its peers what to fetch serves no more than two at a time at first: when these fall silent it
    /// must find out soon.
    @Test(arguments: [(UInt64(1), true), (2, true), (1, false)])
    func `when partners fall silent the others find new ones`(_ seed: UInt64, _ isKin: Bool) throws {
        let left = try self.lose(seed, isKin) { $0.leave($1) }
        let silent = try self.lose(seed, isKin) { $0.silence($1) }
        #expect(silent < left + 90, "seed \(seed): took \(silent) s, and \(left) s when they left")
    }

    /// Of a peer's slots only one, the optimistic one, may be lost to those that are silent, from five rounds after the
    /// minute in which a peer may be silent: unless nobody else wants it.
    @Test(arguments: [UInt64(1), 2])
    func `silent peers hold no regular slot for long, and their partners get going again`(_ seed: UInt64) throws {
        let simulation = Simulation(geometry: Fixture.geometry(pieces: 256, kibibytes: 32), seed: seed)
        simulation.checks = .never
        let strategy = Fixture.strategy()
        try simulation.add(Fixture.seed(0.0625, strategy: strategy))
        var peer = Fixture.peer(0.125, strategy: strategy)
        peer.uploadSlots = .fixed(4)
        for _ in 0..<16 { try simulation.add(peer) }
        let (live, silent) = (Array(1...8), Set(9...16))
        for node in silent { simulation.at(Fixture.seconds(40)) { $0.silence(node) } }
        var looks = 0
        var lapses = 0
        var before: [Int] = []
        for second in stride(from: Int64(150), through: 200, by: 5) {
            simulation.at(Fixture.seconds(second)) { simulation in
                for node in live where !simulation.isComplete(node) {
                    let lost = simulation.served(by: node).filter(silent.contains)
                    let waiting = simulation.waiting(for: node).filter { !silent.contains($0) }
                    looks += 1
                    if lost.count > 1, !waiting.isEmpty { lapses += 1 }
                }
            }
        }
        simulation.at(Fixture.seconds(150)) { simulation in
            before = live.map { simulation.pieces(of: $0).setCount }
        }
        _ = simulation.run(limit: .seconds(200)) { _ in false }
        #expect(looks > 50, "\(looks) looks")
        // Somebody may begin to want something between two rounds.
        #expect(lapses * 20 <= looks, "seed \(seed): \(lapses) times of \(looks) more than one slot was lost")
        let gained = zip(live, before).map { simulation.pieces(of: $0).setCount - $1 }
        // The seed brings each 256 KiB in that time: two pieces of these are its share of what the seed alone sends.
        #expect(gained.allSatisfy { $0 > 8 }, "seed \(seed): pieces in 50 s: \(gained)")
    }
}
