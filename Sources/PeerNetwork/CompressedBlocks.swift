// SPDX-License-Identifier: Apache-2.0

import Deflate
import NIOCore
import PeerWire
import PieceStore
import SwarmModel

/// The blocks of a torrent that are compressed already, by us or by who sent them, so that one compression serves many
/// peers; and word of those that do not shrink. Confined to the torrent's loop; bounded by a budget of all torrents.
final class CompressedBlocks {
    /// What there is for a request.
    enum Answer {
        /// Its deflate stream.
        case compressed(ByteBuffer)
        /// It does not shrink, or was compressed in another cut: send it as it is.
        case plain
        /// It is being compressed.
        case pending
        /// Nothing is known of it.
        case unknown
    }

    private struct Entry {
        var stream: ByteBuffer?
        var isUsed = false
        var sends = 0
    }

    /// What a torrent may hold whatever others hold, so that what was compressed is there until it is sent.
    static let floor = 2 << 20
    /// Bytes that are counted for an entry besides its stream.
    static let overhead = 128

    private let geometry: TorrentGeometry
    private let budget: ByteBudget
    private var entries: [BlockRange: Entry] = [:]
    /// Keys in the order of coming; a used one gets a second turn before it goes.
    private var order = Fifo<BlockRange>()
    private var pending = Set<BlockRange>()
    /// Bytes held; they are taken from the budget.
    private(set) var byteCount = 0

    init(geometry: TorrentGeometry, budget: ByteBudget) {
        self.geometry = geometry
        self.budget = budget
    }

    deinit { self.budget.giveBack(self.byteCount) }

    /// Whether there is anything.
    var isEmpty: Bool { self.entries.isEmpty }

    /// What there is for a request.
    func answer(to range: BlockRange) -> Answer {
        if let index = self.entries.index(forKey: range) {
            self.entries.values[index].isUsed = true
            return self.entries.values[index].stream.map { .compressed($0) } ?? .plain
        }
        if self.pending.contains(range) { return .pending }
        return self.isCutOtherwise(range) ? .plain : .unknown
    }

    /// A stream goes out: whether it had been before, or was somebody else's work.
    func noteSend(of range: BlockRange) -> Bool {
        guard let index = self.entries.index(forKey: range) else { return false }
        self.entries.values[index].sends += 1
        return self.entries.values[index].sends > 1
    }

    /// It is being compressed from now on.
    func begin(_ range: BlockRange) { self.pending.insert(range) }

    /// It has been compressed, in vain when there is no stream.
    func finish(_ range: BlockRange, _ stream: ByteBuffer?) {
        guard self.pending.remove(range) != nil else { return }
        self.insert(range, Entry(stream: stream))
    }

    /// Keeps what a peer has compressed, if nothing is there.
    func keep(_ range: BlockRange, _ stream: ByteBuffer) {
        guard self.entries[range] == nil, !self.pending.contains(range) else { return }
        // As if it had been sent once.
        self.insert(range, Entry(stream: stream, sends: 1))
    }

    /// Lets go of what belongs to a piece, because its bytes were false.
    func remove(_ piece: PieceIndex) {
        guard !self.isEmpty || !self.pending.isEmpty else { return }
        for key in self.entries.keys where key.piece == piece { self.remove(key) }
        for key in self.pending where key.piece == piece { self.pending.remove(key) }
    }

    /// Lets go of everything; what is being compressed will not be kept.
    func removeAll() {
        self.entries = [:]
        self.order = Fifo()
        self.pending = []
        self.budget.giveBack(self.byteCount)
        self.byteCount = 0
    }

    private func insert(_ range: BlockRange, _ entry: Entry) {
        let count = Self.overhead + (entry.stream?.readableBytes ?? 0)
        while !self.budget.take(count) {
            guard self.byteCount + count > Self.floor, self.removeOldest() else {
                self.budget.takeAnyway(count)
                break
            }
        }
        self.byteCount += count
        self.entries[range] = entry
        self.order.append(range)
    }

    /// Removes the entry that came first of those unused since. False when there is none.
    private func removeOldest() -> Bool {
        while let key = self.order.popFirst() {
            guard let index = self.entries.index(forKey: key) else { continue }
            if self.entries.values[index].isUsed {
                self.entries.values[index].isUsed = false
                self.order.append(key)
            } else {
                self.remove(key)
                return true
            }
        }
        return false
    }

    private func remove(_ range: BlockRange) {
        guard let entry = self.entries.removeValue(forKey: range) else { return }
        let count = Self.overhead + (entry.stream?.readableBytes ?? 0)
        self.byteCount -= count
        self.budget.giveBack(count)
    }

    /// Whether some of it was compressed as part of a longer range, or as shorter ones. Peers ask for the same ranges unless
    /// one is left with the rest of what others were asked for: then it is sent plain, and nothing is compressed twice.
    private func isCutOtherwise(_ range: BlockRange) -> Bool {
        let block = TorrentGeometry.blockLength
        if range.length <= block {
            let unit = self.unit(around: range)
            return unit != range && self.has(unit)
        }
        for begin in stride(from: range.begin, to: range.begin + range.length, by: Int(block)) {
            let part = BlockRange(
                piece: range.piece, begin: begin, length: min(block, range.begin + range.length - begin))
            if self.has(part) { return true }
        }
        return false
    }

    private func has(_ range: BlockRange) -> Bool {
        self.entries[range]?.stream != nil || self.pending.contains(range)
    }

    /// What Swarm peers ask for at once, around a block.
    private func unit(around range: BlockRange) -> BlockRange {
        let length = WireLimits.blockLength
        let begin = range.begin & ~(length - 1)
        return BlockRange(
            piece: range.piece, begin: begin, length: min(length, self.geometry.length(of: range.piece) - begin))
    }
}
