// SPDX-License-Identifier: Apache-2.0

import Crypto
import Metainfo
import SwarmModel
import Synchronization

/// Hashes the payload of a torrent that is being made, on all of the store's threads.
final class PayloadHasher: Sendable {
    /// Files held open at once.
    private static let openFiles = 64

    private struct State {
        var pieceHashes: [UInt8]
        /// Merkle roots of the pieces, 32 bytes each; empty unless they are wanted.
        var pieceRoots: [UInt8]
        var done: UInt64 = 0
        var error: (any Error)?
    }

    private let store: PieceStore
    private let builder: MetainfoBuilder
    private let layout: FileLayout
    /// What each entry is read from; nil for padding and links.
    private let sources: [SharedFile?]
    private let state: Mutex<State>
    private let isCancelled = Atomic<Bool>(false)
    private let open = OpenFileCache(capacity: PayloadHasher.openFiles)
    private let progress: @Sendable (UInt64, UInt64) -> Void

    init(
        _ builder: MetainfoBuilder, layout: FileLayout, sources: [SharedFile?], store: PieceStore,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) {
        self.builder = builder
        self.layout = layout
        self.sources = sources
        self.store = store
        self.progress = progress
        let count = builder.geometry.pieceCount
        self.state = Mutex(
            State(
                pieceHashes: [UInt8](repeating: 0, count: builder.kind.isV1 ? count * PieceHashes.lengthV1 : 0),
                pieceRoots: [UInt8](
                    repeating: 0, count: builder.kind.isV2 ? count * MerkleTree.hashLength : 0)))
    }

    /// Hashes everything. `then` is called once, on a store thread.
    func start(then: @escaping @Sendable (Result<(pieceHashes: [UInt8], merkles: [FileMerkle]), any Error>) -> Void) {
        let pieces = self.builder.geometry.pieceCount
        let perUnit = max(1, Verification.unitLength / Int(self.builder.pieceLength))
        let units = ParallelUnits(
            count: (pieces + perUnit - 1) / perUnit, runners: self.store.parallelism,
            enqueue: { self.store.queue.submit(.bulk, $0) },
            unit: { self.hash($0 * perUnit..<min($0 * perUnit + perUnit, pieces)) },
            end: { then(self.result()) })
        units.start()
    }

    /// Stops soon; `then` is told of a `CancellationError`.
    func cancel() { self.isCancelled.store(true, ordering: .relaxed) }

    private func result() -> Result<(pieceHashes: [UInt8], merkles: [FileMerkle]), any Error> {
        let state = self.state.withLock { $0 }
        if let error = state.error { return .failure(error) }
        if self.isCancelled.load(ordering: .relaxed) { return .failure(CancellationError()) }
        return .success((state.pieceHashes, self.merkles(state.pieceRoots)))
    }

    /// Does one unit. False when the whole shall end.
    private func hash(_ pieces: Range<Int>) -> Bool {
        var bytes: UInt64 = 0
        do {
            for piece in pieces.lazy.map({ PieceIndex($0) }) {
                guard !self.isCancelled.load(ordering: .relaxed) else { return false }
                try self.hash(piece)
                bytes += UInt64(self.builder.geometry.length(of: piece))
            }
        } catch {
            self.state.withLock { $0.error = $0.error ?? error }
            self.cancel()
            return false
        }
        // Told under the lock, so that what is told only rises.
        self.state.withLock { state in
            state.done += bytes
            self.progress(state.done, self.builder.geometry.totalLength)
        }
        return true
    }

    private func hash(_ piece: PieceIndex) throws {
        var sha1 = Insecure.SHA1()
        var leaves: [UInt8] = []
        var width = 1
        try HashWindow.withMemory { window in
            let start = self.builder.geometry.offset(of: piece)
            let length = Int(self.builder.geometry.length(of: piece))
            try self.layout.forEachSegment(from: start, length: length) { segment in
                try self.forEachPart(of: segment, through: window) { part in
                    if self.builder.kind.isV1 { sha1.update(bufferPointer: part) }
                    guard self.builder.kind.isV2, self.sources[segment.file] != nil else { return }
                    let fileLength = self.layout.files[segment.file].length
                    width = MerkleTree.leafCount(fileLength: fileLength, pieceLength: self.builder.pieceLength)
                    Self.appendLeaves(part, to: &leaves)
                }
            }
        }
        let root = self.builder.kind.isV2 ? MerkleTree.root(of: leaves, width: width) : []
        self.record(piece, sha1.finalize(), root)
    }

    /// Lends a file's bytes portion by portion; every portion but the last is a multiple of the leaf length.
    private func forEachPart(
        of segment: FileSegment, through window: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let source = self.sources[segment.file]
        let file = try source.map { try self.file($0, segment.file) }
        var done = 0
        while done < segment.length {
            let part = UnsafeMutableRawBufferPointer(rebasing: window[..<min(window.count, segment.length - done)])
            if let file, let source {
                try self.read(source, file, into: part, at: segment.fileOffset + UInt64(done))
            } else {
                part.initializeMemory(as: UInt8.self, repeating: 0)
            }
            try body(UnsafeRawBufferPointer(part))
            done += part.count
        }
        // Looked at after the last byte: what changed meanwhile must not be called hashed.
        if let file, let source, segment.fileOffset + UInt64(segment.length) == source.description.length {
            try source.check(file)
        }
    }

    private func read(
        _ source: SharedFile, _ file: OpenFile, into part: UnsafeMutableRawBufferPointer, at offset: UInt64
    ) throws(CreationError) {
        do {
            try file.read(into: part, at: offset)
        } catch {
            let problem: CreationError.Problem =
                error.reason == .tooShort ? .changed : .unreadable(errno: error.errno)
            throw CreationError(problem, path: source.source)
        }
        self.store.statistics.read.add(part.count, ordering: .relaxed)
        self.store.statistics.hashed.add(part.count, ordering: .relaxed)
    }

    private func file(_ source: SharedFile, _ index: Int) throws(CreationError) -> OpenFile {
        let key = OpenFileCache.Key(storage: 0, file: index)
        if let file = self.open.file(key, writable: false) { return file }
        return self.open.insert(try source.open(), key)
    }

    private func record(_ piece: PieceIndex, _ digest: Insecure.SHA1Digest, _ root: [UInt8]) {
        self.state.withLock { state in
            if self.builder.kind.isV1 {
                let start = piece.offset * PieceHashes.lengthV1
                state.pieceHashes.replaceSubrange(start..<start + PieceHashes.lengthV1, with: Array(digest))
            }
            guard !root.isEmpty else { return }
            let rootStart = piece.offset * MerkleTree.hashLength
            state.pieceRoots.replaceSubrange(rootStart..<rootStart + MerkleTree.hashLength, with: root)
        }
    }

    private static func appendLeaves(_ bytes: UnsafeRawBufferPointer, to leaves: inout [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = min(start + MerkleTree.leafLength, bytes.count)
            let digest = SHA256.hash(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            digest.withUnsafeBytes { leaves.append(contentsOf: $0) }
            start = end
        }
    }

    /// Each entry's hashes, cut from those of the pieces: where there are trees every file begins a piece.
    private func merkles(_ roots: [UInt8]) -> [FileMerkle] {
        guard self.builder.kind.isV2 else { return [] }
        let pieceLength = UInt64(self.builder.pieceLength)
        return zip(self.layout.files, self.sources).map { file, source in
            guard source != nil, file.length > 0 else {
                return FileMerkle(pieceHashes: [], fileLength: 0, pieceLength: self.builder.pieceLength)
            }
            let first = Int(file.offset / pieceLength) * MerkleTree.hashLength
            let count = Int((file.length + pieceLength - 1) / pieceLength) * MerkleTree.hashLength
            return FileMerkle(
                pieceHashes: Array(roots[first..<first + count]), fileLength: file.length,
                pieceLength: self.builder.pieceLength)
        }
    }
}

extension SHA256 {
    fileprivate static func hash(bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return hasher.finalize()
    }
}
