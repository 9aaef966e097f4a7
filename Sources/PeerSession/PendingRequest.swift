// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel

/// One request that waits for its answer: a range of one block, or of up to eight that were asked for at once, of which
/// some may be here or not wanted any more. In 32 bytes.
struct PendingRequest: BitwiseCopyable {
    /// What was asked for, as it stands on the wire.
    let range: BlockRange
    let sentAt: Instant
    /// A bit for each block of it that is still wanted.
    private var wanted: UInt8

    init(_ range: BlockRange, at now: Instant) {
        precondition(range.length > 0 && range.length <= WireLimits.blockLength, "\(range.length) bytes at once")
        self.range = range
        self.sentAt = now
        let count = (range.length - 1) / TorrentGeometry.blockLength + 1
        self.wanted = UInt8(truncatingIfNeeded: (1 << count) - 1)
    }

    /// Blocks of it that are still wanted.
    var wantedCount: Int { self.wanted.nonzeroBitCount }

    /// Whether `block` is one of its blocks, and still wanted.
    func wants(_ block: BlockRange) -> Bool {
        guard block.piece.rawValue == self.range.piece.rawValue, block.begin >= self.range.begin,
            block.end <= self.range.end
        else { return false }
        let index = self.index(at: block.begin)
        return self.wanted >> index & 1 == 1 && self.part(index) == block
    }

    /// Whether the byte at `offset` of the piece, which must be one of its, is still wanted.
    func wantsByte(at offset: UInt32) -> Bool { self.wanted >> self.index(at: offset) & 1 == 1 }

    /// How many bytes there are from `offset` of the piece, which must be one of its, to the end of that block.
    func bytesToPartEnd(at offset: UInt32) -> UInt32 {
        let part = self.part(self.index(at: offset))
        return part.length - (offset - part.begin)
    }

    /// The block that ends at `end` is here; nil when that is not the end of one that is wanted.
    mutating func finish(endingAt end: UInt32) -> BlockRange? {
        guard end > self.range.begin else { return nil }
        let index = self.index(at: end - 1)
        let part = self.part(index)
        guard self.wanted >> index & 1 == 1, part.end == UInt64(end) else { return nil }
        self.wanted &= ~(1 << index)
        return part
    }

    /// `block` is not wanted any more.
    mutating func drop(_ block: BlockRange) { self.wanted &= ~(1 << self.index(at: block.begin)) }

    /// The blocks that are still wanted, in order.
    func forEachWanted(_ body: (BlockRange) -> Void) {
        for index in UInt32(0)..<8 where self.wanted >> index & 1 == 1 { body(self.part(index)) }
    }

    private func index(at offset: UInt32) -> UInt32 { (offset - self.range.begin) / TorrentGeometry.blockLength }

    private func part(_ index: UInt32) -> BlockRange {
        let offset = index * TorrentGeometry.blockLength
        return BlockRange(
            piece: self.range.piece, begin: self.range.begin + offset,
            length: min(TorrentGeometry.blockLength, self.range.length - offset))
    }
}
