// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How one that serves nobody fares among those that serve each other: one seed with the line of a peer, and at all times
/// the same number of honest peers, each at a stage of its own. Who is done goes, and one that has nothing takes its place.
/// When it has settled one more comes, who serves nobody. It is compared with those that come next after it.
///
/// If all came and went together instead, it would have the seed to itself once they are gone.
package struct FreeRiderTrial {
    /// The line of each peer and of the seed. That a free rider is told apart shows where uplinks are what is scarce: where
    /// downlinks are full, what they cannot take is left over for whoever has room, and a choker could only waste it.
    package let link: LinkProfile
    /// Honest peers at all times.
    package let peerCount: Int
    /// What decides for everybody.
    package let strategy: SimulatedStrategy

    /// When the free rider comes, and when the trial is given up.
    private static let settled = Interval.seconds(60)
    private static let limit = Interval.seconds(4 * 3600)

    /// A trial with such lines, so many honest peers and such strategies.
    package init(link: LinkProfile, peerCount: Int, strategy: SimulatedStrategy) {
        self.link = link
        self.peerCount = peerCount
        self.strategy = strategy
    }

    /// What a trial came to.
    package struct Outcome {
        /// Seconds that the free rider took; infinite when it had not finished when all was given up.
        package let rider: Double
        /// Seconds that the honest peers took that came next after it, as many as there are at a time, sorted.
        package let honest: [Double]
        /// Bytes of payload that the free rider sent.
        package let uploaded: UInt64

        /// How many times as long as the honest peers in the middle it took.
        package var ratio: Double { self.honest.isEmpty ? 1 : self.rider / self.honest[self.honest.count / 2] }
    }

    /// Runs it until the free rider and those that it is compared with are done.
    package func run(_ geometry: TorrentGeometry, seed: UInt64) throws -> Outcome {
        let simulation = Simulation(geometry: geometry, seed: seed)
        simulation.checks = .never
        try self.settle(simulation)
        var rider = NodeProfile(link: self.link)
        rider.strategy = self.strategy
        rider.behaviour = .freeRider
        rider.departure = .afterCompletion(.zero)
        rider.joinsAt = Instant(nanoseconds: 0) + Self.settled
        let cheat = try simulation.add(rider)
        var failure: (any Error)?
        simulation.whenCompleted = { simulation, node in
            guard node != cheat else { return }
            var next = self.honest
            next.joinsAt = simulation.now
            // Those of before may be replaced before it has come: who comes first is compared with nobody.
            do { try simulation.add(next) } catch { failure = error }
        }
        let report = simulation.run(limit: Self.limit) { simulation in
            let compared = self.compared(simulation, with: cheat, since: rider.joinsAt)
            return simulation.isComplete(cheat) && compared.count == self.peerCount
                && compared.allSatisfy { simulation.duration(of: $0) != nil }
        }
        if let failure { throw failure }
        let compared = self.compared(simulation, with: cheat, since: rider.joinsAt)
        return Outcome(
            rider: report.nodes[cheat].duration?.inSeconds ?? .infinity,
            honest: compared.compactMap { simulation.duration(of: $0)?.inSeconds }.sorted(),
            uploaded: report.nodes[cheat].uploaded)
    }

    /// The honest peers that came next after the free rider.
    private func compared(_ simulation: Simulation, with cheat: Int, since time: Instant) -> [Int] {
        Array(
            (cheat + 1..<max(simulation.nodeCount, cheat + 1)).lazy.filter { simulation.joinTime(of: $0) >= time }
                .prefix(self.peerCount))
    }

    private var honest: NodeProfile {
        var profile = NodeProfile(link: self.link)
        profile.strategy = self.strategy
        profile.departure = .afterCompletion(.zero)
        return profile
    }

    /// The seed, and the peers that are there from the beginning: one has nothing, the last nearly everything.
    private func settle(_ simulation: Simulation) throws {
        var source = NodeProfile(link: self.link)
        source.strategy = self.strategy
        source.isSeed = true
        try simulation.add(source)
        var random = SplitMix64(seed: ~simulation.seed)
        for number in 0..<self.peerCount {
            var profile = self.honest
            profile.pieces = Self.part(number, of: self.peerCount, simulation.geometry, &random)
            try simulation.add(profile)
        }
    }

    /// `number` parts of `count` of the pieces, drawn at random.
    private static func part(
        _ number: Int, of count: Int, _ geometry: TorrentGeometry, _ random: inout SplitMix64
    ) -> Bitfield {
        var pieces = Bitfield(count: geometry.pieceCount)
        while pieces.setCount * count < pieces.count * number {
            pieces.insert(PieceIndex(Int(random.next(below: UInt64(pieces.count)))))
        }
        return pieces
    }
}
