// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Fetches the piece layers of a torrent's files from peers (BEP 52), up to 512 hashes at a time, each with the proof that
/// leads to its file's root. Knows no sockets and computes no hashes; a value of one loop.
///
/// Every answer is proved for itself, so that who sent a wrong one is known at once. Memory grows with what was proved,
/// besides the few answers that are being looked at: what nobody was asked for is not taken.
package struct LayerFetch {
    /// A file of more than one piece.
    package struct File: Sendable {
        /// The root of its tree, 32 bytes.
        package let root: [UInt8]
        /// How many pieces it has, more than one.
        package let pieceCount: Int

        /// Takes the parts as they are.
        package init(root: [UInt8], pieceCount: Int) {
            self.root = root
            self.pieceCount = pieceCount
        }
    }

    /// Ranges asked of one peer at a time.
    static let window = 4
    /// A range that has not come after so long is asked of others.
    static let patience = Interval.seconds(15)
    /// How long a peer that refused or did not answer is left alone, at first and at most.
    static let pauses = (first: Interval.seconds(2), last: Interval.seconds(60))
    /// Ranges remembered that one peer refused.
    static let refusalLimit = 64

    struct Source {
        let serial: Int
        var asked: [(chunk: Int, at: Instant)] = []
        var refused = Set<Int>()
        var restsUntil: Instant
        var pause = LayerFetch.pauses.first
    }

    /// One range of a file, and its hashes once they are proved.
    struct Chunk {
        let range: HashRange
        /// Hashes that the file has of it; the rest is filling.
        let count: Int
        var hashes: [UInt8]?
    }

    private(set) var chunks: [Chunk] = []
    var sources: [PeerSlot: Source] = [:]
    /// Chunks that nobody is asked for and nobody has sent, the next one last.
    private var free: [Int]
    /// Chunks that are proved.
    package private(set) var doneCount = 0
    private var nextSerial = 0

    /// The layers of `files`, whose pieces lie `pieceLayer` layers above the leaves.
    package init(_ files: [File], pieceLayer: Int) {
        // Files of the same bytes share a root, and their layers.
        var roots = Set<[UInt8]>()
        for file in files where roots.insert(file.root).inserted {
            let width = Self.powerOfTwo(holding: file.pieceCount)
            let count = min(width, HashRange.usualCount)
            for first in stride(from: 0, to: file.pieceCount, by: count) {
                let range = HashRange(
                    root: file.root, layer: UInt32(pieceLayer), index: UInt32(first), count: UInt32(count),
                    proofLayers: UInt32(width.trailingZeroBitCount - 1))
                self.chunks.append(Chunk(range: range, count: min(count, file.pieceCount - first)))
            }
        }
        self.free = Array(self.chunks.indices.reversed())
    }

    /// Whether all are here.
    package var isDone: Bool { self.doneCount == self.chunks.count }
    /// How many there are to fetch.
    package var totalCount: Int { self.chunks.count }

    /// The layers by root, once all are here: 32 bytes a piece.
    package var layers: [[UInt8]: [UInt8]] {
        var layers: [[UInt8]: [UInt8]] = [:]
        for chunk in self.chunks { layers[chunk.range.root, default: []] += chunk.hashes ?? [] }
        return layers
    }

    /// A peer that may be asked has come.
    package mutating func joined(_ slot: PeerSlot, at now: Instant) {
        self.nextSerial += 1
        self.left(slot)
        self.sources[slot] = Source(serial: self.nextSerial, restsUntil: now)
    }

    /// A peer is gone; what was asked of it is free for others.
    package mutating func left(_ slot: PeerSlot) {
        guard let source = self.sources.removeValue(forKey: slot) else { return }
        self.release(source)
    }

    /// What to ask of whom now. Call it when something changed, and about once a second.
    package mutating func nextRequests(at now: Instant, into requests: inout [(slot: PeerSlot, range: HashRange)]) {
        for (slot, source) in self.sources where source.asked.contains(where: { now - $0.at >= Self.patience }) {
            self.rest(slot, at: now)
        }
        guard !self.free.isEmpty else { return }
        let awake = self.sources.filter { $0.value.restsUntil <= now }.sorted { $0.value.serial < $1.value.serial }
        for (slot, known) in awake {
            var source = known
            while source.asked.count < Self.window, let chunk = self.takeFree(for: source) {
                source.asked.append((chunk, now))
                requests.append((slot, self.chunks[chunk].range))
            }
            self.sources[slot] = source
        }
    }

    /// An answer came. The number of its chunk, to be given to `judge` when the hashes were looked at; nil when the peer was
    /// not asked for it, or not any more.
    package mutating func received(_ range: HashRange, from slot: PeerSlot) -> Int? {
        guard let asked = self.sources[slot]?.asked,
            let place = asked.firstIndex(where: { self.chunks[$0.chunk].range == range })
        else { return nil }
        self.sources[slot]?.asked.remove(at: place)
        self.sources[slot]?.pause = Self.pauses.first
        return asked[place].chunk
    }

    /// What came for a chunk leads to its file's root, or not.
    package mutating func judge(_ chunk: Int, _ hashes: [UInt8], isRight: Bool) {
        guard self.chunks[chunk].hashes == nil else { return }
        guard isRight else { return self.free.append(chunk) }
        self.chunks[chunk].hashes = Array(hashes.prefix(self.chunks[chunk].count * HashRange.hashLength))
        self.doneCount += 1
    }

    /// A peer refuses a range. Whether it was asked for it.
    @discardableResult
    package mutating func rejected(_ range: HashRange, by slot: PeerSlot, at now: Instant) -> Bool {
        guard var source = self.sources[slot],
            let asked = source.asked.first(where: { self.chunks[$0.chunk].range == range })
        else { return false }
        if source.refused.count >= Self.refusalLimit { source.refused = [] }
        source.refused.insert(asked.chunk)
        self.sources[slot] = source
        self.rest(slot, at: now)
        return true
    }

    private mutating func takeFree(for source: Source) -> Int? {
        guard let place = self.free.lastIndex(where: { !source.refused.contains($0) }) else { return nil }
        return self.free.remove(at: place)
    }

    /// Leaves a peer alone for a while; what was asked of it is free.
    private mutating func rest(_ slot: PeerSlot, at now: Instant) {
        guard var source = self.sources[slot] else { return }
        self.release(source)
        source.asked = []
        source.restsUntil = now + source.pause
        source.pause = min(Interval(nanoseconds: source.pause.nanoseconds * 2), Self.pauses.last)
        // It may have more by then.
        if self.sources.count == 1 { source.refused = [] }
        self.sources[slot] = source
    }

    private mutating func release(_ source: Source) {
        for asked in source.asked where self.chunks[asked.chunk].hashes == nil { self.free.append(asked.chunk) }
    }

    private static func powerOfTwo(holding count: Int) -> Int {
        count <= 1 ? 1 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }
}
