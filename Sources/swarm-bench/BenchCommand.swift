// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import StrategyHost
import SwarmModel
import SwarmSimulation

/// Judges every picker and choker that can be found, in simulation.
@main struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarm-bench",
        abstract: "Judges the strategies in a simulated swarm and prints a table.",
        discussion: """
            Every picker runs beside the choker tit-for-tat, every choker beside the picker rarest-first, in a flash crowd \
            and under churn. The clock is virtual: equal seeds print equal tables on every machine, the last column aside.
            """)

    @Flag(help: "Only what the tracker's piece map costs.")
    var pieceMap = false
    @Option(help: "Peers beside the one seed.")
    var peers = 100
    @Option(help: "MiB of payload.")
    var size = 64
    @Option(help: "KiB in a piece.")
    var piece = 256
    @Option(help: "What chance is made of.")
    var seed: UInt64 = 1
    @Option(help: "Only this scenario: crowd or churn.")
    var scenario: Scenario?
    @Option(help: "Only this picker.")
    var picker: String?
    @Option(help: "Only this choker.")
    var choker: String?

    func validate() throws {
        guard (1...2_000).contains(self.peers), (1...4_096).contains(self.size), (16...16_384).contains(self.piece)
        else {
            throw ValidationError("at most 2,000 peers, 4,096 MiB and pieces of 16 to 16,384 KiB")
        }
    }

    func run() throws {
        guard !self.pieceMap else { return try PieceMapTrial(seed: self.seed).run() }
        let host = StrategyHost(clock: .stopped, logger: Logger(label: "swarm-bench"))
        guard
            let geometry = TorrentGeometry(
                totalLength: UInt64(self.size) << 20, pieceLength: UInt32(self.piece) << 10)
        else { throw ValidationError("such a torrent cannot be") }
        print("1 seed, \(self.peers) peers, \(self.size) MiB in pieces of \(self.piece) KiB, seed \(self.seed)")
        print(ResultRow.heading)
        for scenario in self.scenario.map({ [$0] }) ?? Scenario.allCases {
            for (picker, choker) in self.pairs(host) {
                let start = ContinuousClock.now
                let report = try scenario.run(
                    geometry, peers: self.peers, seed: self.seed,
                    strategy: SimulatedStrategy(
                        makePicker: { try host.makePicker(named: picker, for: $0, seed: $1) },
                        makeChoker: { try host.makeChoker(named: choker, for: $0, seed: $1) }))
                let took = (ContinuousClock.now - start) / .seconds(1)
                print(ResultRow(scenario, picker: picker, choker: choker, report, seconds: took))
            }
        }
        print(ResultRow.legend)
    }

    /// Every picker with the default choker, and the other chokers with the default picker.
    private func pairs(_ host: StrategyHost) -> [(picker: String, choker: String)] {
        if self.picker != nil || self.choker != nil {
            return [(self.picker ?? "rarest-first", self.choker ?? "tit-for-tat")]
        }
        let strategies = host.installed().strategies
        let pickers = strategies.filter { $0.kind == .picker }.map { (picker: $0.name, choker: "tit-for-tat") }
        let chokers = strategies.filter { $0.kind == .choker && $0.name != "tit-for-tat" }
        return pickers + chokers.map { (picker: "rarest-first", choker: $0.name) }
    }
}
