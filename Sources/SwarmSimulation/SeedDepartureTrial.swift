// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Whether those that are left have every piece between them when the only seed goes away early. It serves as many at a
/// time as it thinks fit.
package struct SeedDepartureTrial {
    /// Everybody's line.
    package let link: LinkProfile
    /// Peers, all there from the beginning.
    package let peerCount: Int
    /// Copies of the payload that the seed sends.
    package let copies: Double
    /// What decides for everybody.
    package let strategy: SimulatedStrategy
    /// Whether all are of one kind, so that the seed suggests what to fetch.
    package let isKin: Bool

    private static let limit = Interval.seconds(3600)
    /// What travels when the seed goes has come by then.
    private static let aftermath = Interval.seconds(20)

    /// A trial with such lines, so many peers and such strategies.
    package init(
        link: LinkProfile, peerCount: Int, copies: Double, strategy: SimulatedStrategy, isKin: Bool
    ) {
        self.link = link
        self.peerCount = peerCount
        self.copies = copies
        self.strategy = strategy
        self.isKin = isKin
    }

    /// Runs it until a while after the seed has gone, or until everybody has everything and it need not have gone. Returns
    /// how many pieces nobody else has then.
    package func run(_ geometry: TorrentGeometry, seed: UInt64) throws -> Int {
        let simulation = Simulation(geometry: geometry, seed: seed)
        simulation.checks = .never
        var source = NodeProfile(link: self.link)
        source.strategy = self.strategy
        source.isSeed = true
        source.isKin = self.isKin
        source.departure = .afterCopies(self.copies)
        try simulation.add(source)
        var peer = NodeProfile(link: self.link)
        peer.strategy = self.strategy
        for _ in 0..<self.peerCount { try simulation.add(peer) }
        _ = simulation.run(limit: Self.limit) { $0.hasLeft(0) || $0.isComplete }
        _ = simulation.run(limit: Self.aftermath) { _ in false }
        return (0..<geometry.pieceCount).count { piece in
            !(1...self.peerCount).contains { simulation.pieces(of: $0)[PieceIndex(piece)] }
        }
    }
}
