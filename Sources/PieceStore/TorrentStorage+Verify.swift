// SPDX-License-Identifier: Apache-2.0

import Crypto
import Glibc
import Metainfo
package import NIOCore
package import SwarmModel
import Synchronization

extension TorrentStorage {
    /// Pieces of at most so many bytes are held in memory two at a time by each thread.
    private static let longestHeldTwice = 8 << 20

    /// Reads pieces from disk (all, or those in `wanted`) and compares their hashes, on all of the store's threads.
    /// Missing files and holes are not read. `progress` is told pieces done and pieces wanted now and then. Returns
    /// the handle by which it can be stopped.
    @discardableResult
    package func verify(
        _ wanted: Bitfield? = nil, on loop: any EventLoop,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
        then: @escaping @Sendable (VerificationOutcome) -> Void
    ) -> Verification {
        let completions = self.store.completions(on: loop)
        let verification = Verification(self, wanted, completions: completions, progress: progress, then: then)
        verification.start()
        return verification
    }

    /// What the bytes of each of some pieces on disk are by their hashes. A missing or short file is no error.
    func verdictsOnDisk(_ pieces: ArraySlice<PieceIndex>) -> [Result<PieceVerdict, StorageError>] {
        if let first = pieces.first, let second = pieces.last, pieces.count == 2,
            let verdicts = self.verdictsOfPairOnDisk(first, second)
        {
            return verdicts
        }
        return pieces.map { piece in Result { () throws(StorageError) in try self.verdictOnDisk(piece) } }
    }

    /// Both verdicts at little more than the price of one SHA-1. Nil when the two cannot be looked at together, or reading
    /// failed: then each is looked at for itself.
    private func verdictsOfPairOnDisk(
        _ first: PieceIndex, _ second: PieceIndex
    ) -> [Result<PieceVerdict, StorageError>]? {
        let hashes = self.hashes
        guard PairedSHA1.isAvailable, hashes.digests != nil else { return nil }
        let length = Int(self.geometry.length(of: first))
        guard length == Int(self.geometry.length(of: second)) else { return nil }
        let starts = (self.geometry.offset(of: first), self.geometry.offset(of: second))
        guard (try? self.presence(from: starts.0, length: length)) == .data,
            (try? self.presence(from: starts.1, length: length)) == .data
        else { return nil }
        if case .v1 = hashes {
            guard let digests = try? self.digestsOnDisk(from: starts.0, starts.1, length: length) else { return nil }
            return [
                .success(hashes.match(digests.first, piece: first) ? .right : .wrong),
                .success(hashes.match(digests.second, piece: second) ? .right : .wrong),
            ]
        }
        // Merkle roots are made of the same bytes: they are read once and stay.
        guard length <= Self.longestHeldTwice else { return nil }
        typealias Verdicts = [Result<PieceVerdict, StorageError>]
        return try? self.withPieceOnDisk(from: starts.0, length: length) { (one) throws(StorageError) -> Verdicts in
            try self.withPieceOnDisk(from: starts.1, length: length) { (two) throws(StorageError) -> Verdicts in
                let digests = PairedSHA1().finalize(one, two)
                return [
                    .success(hashes.verdict(digests.first, one, piece: first)),
                    .success(hashes.verdict(digests.second, two, piece: second)),
                ]
            }
        }
    }

    /// What the bytes of a piece on disk are by their hashes. A missing or short file is no error.
    func verdictOnDisk(_ piece: PieceIndex) throws(StorageError) -> PieceVerdict {
        let hashes = self.hashes
        let start = self.geometry.offset(of: piece)
        let length = Int(self.geometry.length(of: piece))
        let presence = try self.presence(from: start, length: length)
        guard presence != .missing else { return .wrong }
        do throws(StorageError) {
            switch hashes {
            case .v1:
                let digest =
                    presence == .zeros
                    ? self.store.zeroDigests.digest(length: length)
                    : try self.digestOnDisk(from: start, length: length)
                return hashes.match(digest, piece: piece) ? .right : .wrong
            case .hybrid:
                // Of a file that has just been made every piece is a hole.
                if presence == .zeros, !hashes.match(self.store.zeroDigests.digest(length: length), piece: piece) {
                    return .wrong
                }
                return try self.withPieceOnDisk(from: start, length: length) { bytes in
                    hashes.verdict(PieceDigest(of: bytes), bytes, piece: piece)
                }
            case .merkle(let metainfo):
                return try self.withPieceOnDisk(from: start, length: length) { bytes in
                    PieceHashes.match(bytes, piece, of: metainfo) == true ? .right : .wrong
                }
            }
        } catch {
            guard error.reason == .tooShort else { throw error }
            return .wrong
        }
    }

    /// Asks the kernel to have a unit's bytes ready by the time they are read.
    func announceReading(_ pieces: ArraySlice<PieceIndex>) {
        guard let first = pieces.first, let last = pieces.last else { return }
        let start = self.geometry.offset(of: first)
        let end = self.geometry.offset(of: last) + UInt64(self.geometry.length(of: last))
        // Only neighbours: a chosen few far apart would pull in all between them.
        guard last.offset - first.offset == pieces.count - 1 else { return }
        self.layout.forEachSegment(from: start, length: Int(end - start)) { (segment) in
            guard self.layout.files[segment.file].kind != .padding else { return }
            let file = try? self.file(segment.file, writable: false)
            file?.readAhead(at: segment.fileOffset, length: segment.length)
        }
    }

    /// What a run of payload is on disk, without reading it.
    private enum Presence {
        case missing
        case zeros
        case data
    }

    private func presence(from start: UInt64, length: Int) throws(StorageError) -> Presence {
        var presence = Presence.zeros
        try self.layout.forEachSegment(from: start, length: length) { (segment) throws(StorageError) in
            guard presence != .missing, self.layout.files[segment.file].kind != .padding else { return }
            guard let file = try self.existingFile(segment.file),
                try file.length() >= segment.fileOffset + UInt64(segment.length)
            else { return presence = .missing }
            if presence == .zeros, try file.hasData(at: segment.fileOffset, length: segment.length) { presence = .data }
        }
        return presence
    }

    /// The open file, or nil when there is none: nothing but a file of ours counts as one.
    private func existingFile(_ index: Int) throws(StorageError) -> OpenFile? {
        do throws(StorageError) {
            return try self.file(index, writable: false)
        } catch {
            let isAbsent = error.errno == ENOENT || error.errno == ELOOP || error.reason == .wrongKind
            guard error.operation == .open, isAbsent else { throw error }
            return nil
        }
    }

    /// Reads a whole piece.
    private func withPieceOnDisk<Outcome>(
        from start: UInt64, length: Int, _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Outcome
    ) throws(StorageError) -> Outcome {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: PageMemory.pageSize)
        defer { memory.deallocate() }
        try self.read(from: start, into: memory)
        self.store.statistics.hashed.add(length, ordering: .relaxed)
        return try body(UnsafeRawBufferPointer(memory))
    }

    private func digestOnDisk(from start: UInt64, length: Int) throws(StorageError) -> PieceDigest {
        var hasher = Insecure.SHA1()
        try HashWindow.withMemory { (window) throws(StorageError) in
            var done = 0
            while done < length {
                let part = UnsafeMutableRawBufferPointer(rebasing: window[..<min(window.count, length - done)])
                try self.read(from: start + UInt64(done), into: part)
                hasher.update(bufferPointer: UnsafeRawBufferPointer(part))
                done += part.count
            }
        }
        self.store.statistics.hashed.add(length, ordering: .relaxed)
        return PieceDigest(hasher.finalize())
    }

    private func digestsOnDisk(
        from first: UInt64, _ second: UInt64, length: Int
    ) throws(StorageError) -> (first: PieceDigest, second: PieceDigest) {
        self.store.statistics.hashed.add(2 * length, ordering: .relaxed)
        return try HashWindow.withMemory { (window) throws(StorageError) in
            var hasher = PairedSHA1()
            // Two halves of what stays in a core's cache.
            let half = window.count / 2
            var done = 0
            while true {
                let count = min(half, length - done)
                let one = UnsafeMutableRawBufferPointer(rebasing: window[..<count])
                let two = UnsafeMutableRawBufferPointer(rebasing: window[half..<half + count])
                try self.read(from: first + UInt64(done), into: one)
                try self.read(from: second + UInt64(done), into: two)
                done += count
                let portions = (UnsafeRawBufferPointer(one), UnsafeRawBufferPointer(two))
                guard done < length else { return hasher.finalize(portions.0, portions.1) }
                hasher.update(portions.0, portions.1)
            }
        }
    }
}
