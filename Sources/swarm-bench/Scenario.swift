// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SwarmModel
import SwarmSimulation

/// How peers come and go. A third of them have a slow line, a third one twice as fast, a third one four times as fast;
/// every line is four times as fast towards the peer. The seed has a fast line.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
    /// All come within ten seconds and stay.
    case crowd
    /// One comes every two seconds and goes ten seconds after it has everything; one in five gives up half a minute after
    /// it came, and some connections break.
    case churn
    /// A swarm of twenty at all times, in which one more serves nobody: see `FreeRiderTrial`.
    case rider
    /// The only seed leaves after 1.1 copies: see `SeedDepartureTrial`.
    case leaving
    /// No swarm at all: what it costs to find a block to ask for, see `PickTrial`.
    case picks

    /// Bytes a second.
    private static let slowUplink = 256.0 * 1024
    private static let limit = Interval.seconds(4 * 3600)

    func run(
        _ geometry: TorrentGeometry, peers: Int, seed: UInt64, strategy: SimulatedStrategy
    ) throws -> SimulationReport {
        let simulation = Simulation(geometry: geometry, seed: seed)
        var source = NodeProfile(link: self.link(class: 2))
        source.isSeed = true
        source.strategy = strategy
        try simulation.add(source)
        var random = SplitMix64(seed: ~seed)
        for number in 0..<peers {
            var profile = NodeProfile(link: self.link(class: number % 3))
            profile.strategy = strategy
            switch self {
            case .crowd:
                profile.joinsAt = Instant(nanoseconds: Int64(random.next(below: 10_000_000_000)))
            case .churn, .rider, .leaving, .picks:
                profile.joinsAt = Instant(nanoseconds: 0) + .seconds(Int64(2 * number))
                profile.departure = .afterCompletion(.seconds(10))
                profile.link.meanLifetime = .seconds(600)
            }
            let node = try simulation.add(profile)
            guard self == .churn, number % 5 == 4 else { continue }
            simulation.at(profile.joinsAt + .seconds(30)) { $0.leave(node) }
        }
        return simulation.run(limit: Self.limit)
    }

    /// Twenty peers whose lines are as people have them at home: a quarter of them upwards.
    static func trial(_ strategy: SimulatedStrategy) -> FreeRiderTrial {
        let up = Self.slowUplink / 8
        return FreeRiderTrial(link: LinkProfile(up: up, down: 4 * up), peerCount: 20, strategy: strategy)
    }

    /// Eight peers and a seed whose lines are as fast as each other's. The seed suggests nothing: it is the picker's turn.
    static func departure(_ strategy: SimulatedStrategy) -> SeedDepartureTrial {
        let link = LinkProfile(up: Self.slowUplink, down: 4 * Self.slowUplink)
        return SeedDepartureTrial(link: link, peerCount: 8, copies: 1.1, strategy: strategy, isKin: false)
    }

    private func link(class number: Int) -> LinkProfile {
        let up = Self.slowUplink * Double(1 << number)
        return LinkProfile(up: up, down: 4 * up)
    }
}
