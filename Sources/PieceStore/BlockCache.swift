// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import SwarmModel

/// The upload side's view of a torrent: gives out blocks as slices of runs that are read at once, so that several
/// requests, and several peers, share one read.
///
/// Confined to one event loop. Runs that the page cache has are read on the spot, in small runs that stay in the
/// processor's cache until they are sent; others by the store's threads, in large ones, with the next one ahead when
/// access is sequential.
package final class BlockCache {
    /// Bytes of a run read on the spot, a power of two.
    static let promptRunLength: UInt32 = 128 << 10
    /// Bytes of a run read by a thread, a power of two.
    static let diskRunLength: UInt32 = 512 << 10
    /// Bytes of runs read on the spot that are kept: the page cache keeps them too.
    static let promptLimit = 1 << 20
    /// Buffers kept to be read into again.
    static let spareLimit = 4

    /// What there is for a request.
    package enum Answer {
        /// The bytes: a slice that can be written to a socket as it is.
        case bytes(ByteBuffer)
        /// They are being read; `whenRead` will tell.
        case reading
        /// The torrent has no such bytes.
        case outOfRange
    }

    private struct Run {
        var buffer: ByteBuffer
        var lastUse: UInt64
        let isPrompt: Bool
    }

    /// Called on the loop after each read that was waited for: the run, and the error if it failed. An error is told
    /// here once and not remembered; the next request tries again.
    package var whenRead: ((BlockRange, StorageError?) -> Void)?

    /// Tells whether a piece is whole on disk. Others are not read ahead: what is read before it is written would be given
    /// out after.
    package var isWhole: (PieceIndex) -> Bool = { _ in true }

    private let storage: TorrentStorage
    private let loop: any EventLoop
    private let limit: Int
    private var runs: [BlockRange: Run] = [:]
    /// Reads on their way, and whether somebody was told to wait for them.
    private var reading: [BlockRange: Bool] = [:]
    private var spare: [ByteBuffer] = []
    private var clock: UInt64 = 0
    private var clockAtLastTick: UInt64 = 0
    private var promptBytes = 0
    /// Bytes held, all runs; they are taken from the store's budget.
    package private(set) var byteCount = 0

    /// For the loop that `storage`'s torrent lives on. `limit` is in bytes.
    package init(storage: TorrentStorage, loop: any EventLoop, limit: Int = 16 << 20) {
        self.storage = storage
        self.loop = loop
        self.limit = limit
    }

    deinit { self.storage.store.blockCacheBudget.giveBack(self.byteCount) }

    /// The bytes of a request, or word that they are being read.
    package func block(_ range: BlockRange) -> Answer {
        guard self.storage.geometry.contains(range) else { return .outOfRange }
        let prompt = self.run(of: range, length: Self.promptRunLength)
        let disk = self.run(of: range, length: Self.diskRunLength)
        if let bytes = self.slice(range, of: disk) {
            self.readAhead(after: disk)
            return .bytes(bytes)
        }
        if let bytes = self.slice(range, of: prompt) { return .bytes(bytes) }
        guard self.reading[disk] == nil else {
            self.reading[disk] = true
            return .reading
        }
        if self.readPromptly(prompt), let bytes = self.slice(range, of: prompt) { return .bytes(bytes) }
        self.startReading(disk, isWaitedFor: true)
        self.readAhead(after: disk)
        return .reading
    }

    /// Lets go of what was not used since the last call: to be called now and then, once a second while uploading.
    package func tick() {
        for (key, run) in self.runs where run.lastUse <= self.clockAtLastTick { self.remove(key) }
        if self.runs.isEmpty { self.spare.removeAll() }
        self.clockAtLastTick = self.clock
    }

    /// Whether nothing is held or being read.
    package var isIdle: Bool { self.runs.isEmpty && self.reading.isEmpty }

    /// Lets go of everything.
    package func removeAll() {
        for key in self.runs.keys { self.remove(key) }
        self.spare.removeAll()
    }

    /// The aligned run that a request lies in; the request itself when it crosses such a border.
    private func run(of range: BlockRange, length: UInt32) -> BlockRange {
        let begin = range.begin & ~(length - 1)
        let pieceLength = self.storage.geometry.length(of: range.piece)
        let runLength = min(length, pieceLength - begin)
        guard range.end <= UInt64(begin) + UInt64(runLength) else { return range }
        return BlockRange(piece: range.piece, begin: begin, length: runLength)
    }

    private func slice(_ range: BlockRange, of key: BlockRange) -> ByteBuffer? {
        guard let index = self.runs.index(forKey: key) else { return nil }
        self.clock += 1
        self.runs.values[index].lastUse = self.clock
        return self.runs.values[index].buffer.getSlice(at: Int(range.begin - key.begin), length: Int(range.length))
    }

    private func readPromptly(_ key: BlockRange) -> Bool {
        var buffer = self.takeSpare(Int(key.length)) ?? ByteBuffer()
        guard self.storage.readCached(key, into: &buffer) else {
            self.keepSpare(buffer)
            return false
        }
        self.insert(buffer, key, isPrompt: true)
        return true
    }

    private func startReading(_ key: BlockRange, isWaitedFor: Bool) {
        guard self.reading[key] == nil else { return }
        self.reading[key] = isWaitedFor
        let cache = NIOLoopBound(self, eventLoop: self.loop)
        self.storage.read(key, recycling: self.takeSpare(Int(key.length)), on: self.loop) { result in
            cache.value.finishReading(key, result)
        }
    }

    private func finishReading(_ key: BlockRange, _ result: Result<ByteBuffer, StorageError>) {
        let isWaitedFor = self.reading.removeValue(forKey: key) ?? false
        switch result {
        case .success(let buffer):
            self.insert(buffer, key, isPrompt: false)
            if isWaitedFor { self.whenRead?(key, nil) }
        case .failure(let error):
            if isWaitedFor { self.whenRead?(key, error) }
        }
    }
}

extension BlockCache {
    /// Starts on the run after `key` when the one before `key` was used too: somebody reads in order.
    private func readAhead(after key: BlockRange) {
        guard key.length == Self.diskRunLength || key.end == UInt64(self.storage.geometry.length(of: key.piece)),
            self.isSequential(key), let next = self.following(key), self.isWhole(next.piece),
            self.runs[next] == nil
        else { return }
        self.startReading(next, isWaitedFor: false)
    }

    private func isSequential(_ key: BlockRange) -> Bool {
        guard let previous = self.preceding(key) else { return false }
        return self.runs[previous] != nil || self.reading[previous] != nil
    }

    private func following(_ key: BlockRange) -> BlockRange? {
        let geometry = self.storage.geometry
        let begin: UInt32
        let piece: PieceIndex
        if key.end < UInt64(geometry.length(of: key.piece)) {
            (piece, begin) = (key.piece, key.begin + key.length)
        } else {
            guard key.piece.offset + 1 < geometry.pieceCount else { return nil }
            (piece, begin) = (PieceIndex(key.piece.offset + 1), 0)
        }
        return self.run(of: BlockRange(piece: piece, begin: begin, length: 1), length: Self.diskRunLength)
    }

    private func preceding(_ key: BlockRange) -> BlockRange? {
        if key.begin > 0 {
            let before = BlockRange(piece: key.piece, begin: key.begin - 1, length: 1)
            return self.run(of: before, length: Self.diskRunLength)
        }
        guard key.piece.offset > 0 else { return nil }
        let piece = PieceIndex(key.piece.offset - 1)
        let last = self.storage.geometry.length(of: piece) - 1
        return self.run(of: BlockRange(piece: piece, begin: last, length: 1), length: Self.diskRunLength)
    }
}

extension BlockCache {
    private func insert(_ buffer: ByteBuffer, _ key: BlockRange, isPrompt: Bool) {
        let count = Int(key.length)
        if isPrompt {
            while self.promptBytes + count > Self.promptLimit, self.removeOldest(prompt: true) {}
        }
        while self.byteCount + count > self.limit, self.removeOldest(prompt: nil) {}
        while !self.storage.store.blockCacheBudget.take(count) {
            guard self.removeOldest(prompt: nil) else {
                // One run a torrent there must be, whatever others hold.
                self.storage.store.blockCacheBudget.takeAnyway(count)
                break
            }
        }
        self.clock += 1
        self.byteCount += count
        if isPrompt { self.promptBytes += count }
        self.runs[key] = Run(buffer: buffer, lastUse: self.clock, isPrompt: isPrompt)
    }

    /// Removes the run used longest ago, of one kind or of both. False when there is none.
    private func removeOldest(prompt: Bool?) -> Bool {
        var oldest: (key: BlockRange, lastUse: UInt64)?
        for (key, run) in self.runs where prompt == nil || run.isPrompt == prompt {
            if run.lastUse < oldest?.lastUse ?? .max { oldest = (key, run.lastUse) }
        }
        guard let oldest else { return false }
        self.remove(oldest.key)
        return true
    }

    private func remove(_ key: BlockRange) {
        guard let run = self.runs.removeValue(forKey: key) else { return }
        let count = Int(key.length)
        self.byteCount -= count
        self.storage.store.blockCacheBudget.giveBack(count)
        if run.isPrompt { self.promptBytes -= count }
        self.keepSpare(run.buffer)
    }

    private func keepSpare(_ buffer: ByteBuffer) {
        if self.spare.count < Self.spareLimit, buffer.capacity > 0 { self.spare.append(buffer) }
    }

    /// A buffer of `length` bytes or more that nobody else holds. One whose slices are still being sent stays for later.
    private func takeSpare(_ length: Int) -> ByteBuffer? {
        for index in self.spare.indices.reversed() {
            // Much larger ones would hold more than is counted.
            guard self.spare[index].capacity >= length, self.spare[index].capacity < 4 * length else { continue }
            let isFree = self.spare[index].modifyIfUniquelyOwned { _ in true } ?? false
            if isFree { return self.spare.remove(at: index) }
        }
        return nil
    }
}
