// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
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
            and under churn; then every choker in a swarm of twenty in which one serves nobody, and every picker in one whose only seed leaves early. The clock is virtual: equal seeds print equal tables on every machine, the times of this machine aside.
            """)

    /// How often what a pick costs is timed, with all the pickers each time: the machine may have been busy with else.
    private static let pickRounds = 3

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
    @Option(help: "Only this scenario: crowd, churn, rider, leaving or picks.")
    var scenario: Scenario?
    @Option(help: "Swarms with a free rider, each with a seed of its own.")
    var riderRuns: UInt64 = 5
    @Option(help: "Swarms whose only seed leaves, each with a seed of its own.")
    var departureRuns: UInt64 = 20
    @Option(help: "Only this picker.")
    var picker: String?
    @Option(help: "Only this choker.")
    var choker: String?

    func validate() throws {
        guard self.riderRuns >= 1, self.departureRuns >= 1 else {
            throw ValidationError("at least one swarm of each kind")
        }
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
        let scenarios = self.scenario.map { [$0] } ?? Scenario.allCases
        if scenarios.contains(.crowd) || scenarios.contains(.churn) { try self.judgeAll(host, geometry, scenarios) }
        if scenarios.contains(.rider) { try self.judgeChokers(host) }
        if scenarios.contains(.leaving) { try self.judgePickers(host) }
        if scenarios.contains(.picks) { try self.timePicks() }
    }

    /// Every pair in the scenarios in which all keep to the rules.
    private func judgeAll(_ host: StrategyHost, _ geometry: TorrentGeometry, _ scenarios: [Scenario]) throws {
        print("1 seed, \(self.peers) peers, \(self.size) MiB in pieces of \(self.piece) KiB, seed \(self.seed)")
        print(ResultRow.heading)
        for scenario in scenarios where scenario == .crowd || scenario == .churn {
            for (picker, choker) in self.pairs(host) {
                let start = ContinuousClock.now
                let report = try scenario.run(
                    geometry, peers: self.peers, seed: self.seed, strategy: Self.strategy(host, picker, choker))
                let took = (ContinuousClock.now - start) / .seconds(1)
                print(ResultRow(scenario, picker: picker, choker: choker, report, seconds: took))
                fflush(nil)
            }
        }
        print(ResultRow.legend)
    }

    /// How a free rider fares with each choker.
    private func judgeChokers(_ host: StrategyHost) throws {
        guard let geometry = TorrentGeometry(totalLength: 8 << 20, pieceLength: 64 << 10) else { return }
        print(RiderRow.heading)
        for choker in Set(self.pairs(host).map(\.choker)).sorted() {
            let trial = Scenario.trial(Self.strategy(host, self.picker ?? "rarest-first", choker))
            let outcomes = try (0..<self.riderRuns).map { try trial.run(geometry, seed: self.seed + $0) }
            print(RiderRow(choker: choker, outcomes))
            fflush(nil)
        }
        print(RiderRow.legend)
    }

    /// How often nothing is lost with each picker when the seed leaves early.
    private func judgePickers(_ host: StrategyHost) throws {
        guard let geometry = TorrentGeometry(totalLength: 32 << 20, pieceLength: 128 << 10) else { return }
        print(DepartureRow.heading)
        for picker in Set(self.pairs(host).map(\.picker)).sorted() {
            let trial = Scenario.departure(Self.strategy(host, picker, self.choker ?? "tit-for-tat"))
            let lost = try (0..<self.departureRuns).map { try trial.run(geometry, seed: self.seed + $0) }
            print(DepartureRow(picker: picker, lost))
            fflush(nil)
        }
        print(DepartureRow.legend)
    }

    /// What a block costs with each picker. Of all tables the one that the machine has a say in.
    private func timePicks() throws {
        let host = StrategyHost(logger: Logger(label: "swarm-bench"))
        var rows = Set(self.pairs(host).map(\.picker)).sorted().map { PickRow(picker: $0) }
        for _ in 0..<Self.pickRounds {
            for index in rows.indices {
                let name = rows[index].picker
                try rows[index].time { try host.makePicker(named: name, for: $0, seed: self.seed) }
            }
        }
        print(PickRow.heading)
        for row in rows { print(row) }
        print(PickRow.legend)
        guard let geometry = SelectionTrial.geometry else { return }
        print(SelectionTrial.heading)
        for picker in Set(self.pairs(host).map(\.picker)).sorted() {
            let made = try host.makePicker(named: picker, for: geometry, seed: self.seed)
            print(SelectionTrial(name: picker, made, geometry: geometry, seed: self.seed))
        }
    }

    private static func strategy(_ host: StrategyHost, _ picker: String, _ choker: String) -> SimulatedStrategy {
        SimulatedStrategy(
            makePicker: { try host.makePicker(named: picker, for: $0, seed: $1) },
            makeChoker: { try host.makeChoker(named: choker, for: $0, seed: $1) })
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
