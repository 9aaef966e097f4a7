// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How many peers have each of some pieces that follow each other.
package struct PieceAvailability: Hashable, Sendable {
    /// Bytes before the counts.
    static let headLength = 20

    /// The tracker's epoch.
    package var epoch: UInt32
    /// How many pieces the torrent has; 0 while nobody has reported any.
    package var pieceCount: UInt32
    /// Peers that have everything, whether they report or not.
    package var seeds: UInt32
    /// Peers that report.
    package var reporters: UInt32
    /// The piece of the first count.
    package var first: PieceIndex
    /// Reporting peers that have the piece; 255 stands for that many or more. Seeds are not counted.
    package var counts: [UInt8]

    /// Takes everything as it is.
    package init(
        epoch: UInt32, pieceCount: UInt32, seeds: UInt32, reporters: UInt32, first: PieceIndex, counts: [UInt8] = []
    ) {
        self.epoch = epoch
        self.pieceCount = pieceCount
        self.seeds = seeds
        self.reporters = reporters
        self.first = first
        self.counts = counts
    }

    /// Reads what follows the transaction of an answer; nil when it has counts for pieces that the torrent has not.
    init?(body: Span<UInt8>) {
        guard body.count >= Self.headLength else { return nil }
        self.init(
            epoch: body.number32(at: 0), pieceCount: body.number32(at: 4), seeds: body.number32(at: 8),
            reporters: body.number32(at: 12), first: PieceIndex(body.number32(at: 16)))
        let count = body.count - Self.headLength
        guard UInt64(self.first.rawValue) + UInt64(count) <= UInt64(self.pieceCount) || count == 0 else { return nil }
        self.counts = (0..<count).map { body[Self.headLength + $0] }
    }
}
