// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
package import Swarming

/// What a node is like before it takes part.
package struct NodeProfile {
    /// Its line to the others.
    package var link: LinkProfile
    /// Where it stores pieces.
    package var disk = DiskProfile()
    /// How it treats others.
    package var behaviour = NodeBehaviour.honest
    /// What decides for it.
    package var strategy = SimulatedStrategy.builtIn
    /// Whether it has every piece from the beginning.
    package var isSeed = false
    /// Whether a seed shows each peer only what nobody else has (BEP 16).
    package var superSeeds = false
    /// Whether it is of our own kind: as a source it suggests what to fetch from it first, as a peer it heeds that.
    package var isKin = true
    /// The pieces it has from the beginning, when it is no seed; none if nil.
    package var pieces: Bitfield?
    /// When it comes.
    package var joinsAt = Instant(nanoseconds: 0)
    /// When it goes.
    package var departure = Departure.never
    /// Whom it serves at a time.
    package var uploadSlots = UploadSlots.automatic
    /// Pieces under way at a time; nil for as many as the daemon allows, which gives them 64 MiB of memory.
    package var maximumOpenPieces: Int?
    /// How many may be asked for the same block in the endgame.
    package var maximumRequestsPerBlock = 2
    /// Connections at a time; it dials until it has half of them.
    package var connectionLimit = 50
    /// Wait between attempts after its disk has failed.
    package var storageRetry = Interval.seconds(5)

    /// Bytes of pieces that may be under way at a time.
    private static let bufferMemory = 64 << 20

    func openPieceLimit(in geometry: TorrentGeometry) -> Int {
        self.maximumOpenPieces ?? max(2, min(1_024, Self.bufferMemory / Int(max(geometry.pieceLength, 1))))
    }

    /// A node at such a link.
    package init(link: LinkProfile) {
        self.link = link
    }
}
