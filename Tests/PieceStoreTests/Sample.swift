// SPDX-License-Identifier: Apache-2.0

import Crypto
import NIOCore
import NIOPosix
import PieceStore
import SwarmModel

/// A torrent made up for a test: its layout, its payload and what its pieces hash to.
struct Sample {
    let layout: FileLayout
    let payload: [UInt8]
    let hashes: PieceHashes

    /// Files in order; padding is zeros, the rest noise.
    init(_ files: [(String, Int, FileLayout.Kind)], pieceLength: Int, seed: UInt64 = 1) throws {
        var payload: [UInt8] = []
        var entries: [FileLayout.File] = []
        for (path, length, kind) in files {
            entries.append(
                FileLayout.File(
                    path: path.split(separator: "/").map(String.init), offset: UInt64(payload.count),
                    length: UInt64(length), kind: kind))
            payload +=
                kind == .padding
                ? [UInt8](repeating: 0, count: length) : noise(length, seed: seed + UInt64(entries.count))
        }
        try self.init(entries, payload: payload, pieceLength: pieceLength)
    }

    init(_ entries: [FileLayout.File], payload: [UInt8], pieceLength: Int) throws {
        let geometry = TorrentGeometry(totalLength: UInt64(payload.count), pieceLength: UInt32(pieceLength))!
        self.layout = try FileLayout(files: entries, geometry: geometry)
        self.payload = payload
        var hashes: [UInt8] = []
        for start in stride(from: 0, to: payload.count, by: pieceLength) {
            hashes += Insecure.SHA1.hash(data: payload[start..<min(start + pieceLength, payload.count)])
        }
        self.hashes = .v1(hashes)
    }

    var geometry: TorrentGeometry { self.layout.geometry }

    /// Bytes of one piece.
    func bytes(of piece: Int) -> ArraySlice<UInt8> {
        let start = piece * Int(self.geometry.pieceLength)
        return self.payload[start..<start + Int(self.geometry.length(of: PieceIndex(piece)))]
    }

    /// Bytes of one file.
    func bytes(of path: String) -> [UInt8] {
        let file = self.layout.files.first { $0.relativePath == path }!
        return Array(self.payload[Int(file.offset)..<Int(file.end)])
    }

    func storage(in folder: Scratch, store: PieceStore) -> TorrentStorage {
        TorrentStorage(store: store, layout: self.layout, hashes: self.hashes, root: folder.path)
    }

    /// Puts the whole payload on disk, without the store.
    func write(to folder: Scratch) {
        for file in self.layout.files {
            var parent = ""
            for name in file.path.dropLast() {
                parent += (parent.isEmpty ? "" : "/") + name
                folder.makeFolder(parent)
            }
            guard case .regular = file.kind else { continue }
            folder.write(Array(self.payload[Int(file.offset)..<Int(file.end)]), to: file.relativePath)
        }
    }
}

/// Bytes that look random and are the same every time.
func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var source = SplitMix64(seed: seed)
    return [UInt8](unsafeUninitializedCapacity: (count + 7) & ~7) { buffer, used in
        let words = UnsafeMutableRawBufferPointer(buffer).bindMemory(to: UInt64.self)
        for index in words.indices { words[index] = source.next() }
        used = count
    }
}

/// Whether bytes are there and equal: `#expect` would print them all.
func identical(_ left: [UInt8]?, _ right: [UInt8]?) -> Bool { left != nil && left == right }

/// The event loop tests get their answers on.
let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()

extension PieceStore {
    /// A buffer with a piece in it.
    func buffer(with bytes: ArraySlice<UInt8>) -> PieceBuffer {
        let buffer = self.takeBuffer(length: bytes.count)!
        bytes.withUnsafeBytes { buffer.copy(from: $0, at: 0) }
        return buffer
    }
}

/// Turns the store's answers into values to wait for.
extension TorrentStorage {
    func store(_ piece: Int, of sample: Sample) async -> PieceOutcome {
        await self.complete(piece, self.store.buffer(with: sample.bytes(of: piece)))
    }

    func complete(_ piece: Int, _ buffer: PieceBuffer) async -> PieceOutcome {
        await withCheckedContinuation { answer in
            self.complete(PieceIndex(piece), buffer, on: loop) { answer.resume(returning: $1) }
        }
    }

    func storeAll(of sample: Sample) async {
        for piece in 0..<sample.geometry.pieceCount { _ = await self.store(piece, of: sample) }
    }

    func read(_ run: BlockRange) async -> Result<ByteBuffer, StorageError> {
        await withCheckedContinuation { answer in
            self.read(run, on: loop) { answer.resume(returning: $0) }
        }
    }

    func verify(_ wanted: Bitfield? = nil) async -> VerificationOutcome {
        await withCheckedContinuation { answer in
            _ = self.verify(wanted, on: loop) { answer.resume(returning: $0) }
        }
    }

    func prepare() async throws {
        try await withCheckedContinuation { answer in
            self.prepare(on: loop) { answer.resume(returning: $0) }
        }.get()
    }

    func synchronise() async throws {
        try await withCheckedContinuation { answer in
            self.synchronise(on: loop) { answer.resume(returning: $0) }
        }.get()
    }

    func removeData() async throws {
        try await withCheckedContinuation { answer in
            self.removeData(on: loop) { answer.resume(returning: $0) }
        }.get()
    }

    func quickCheck(_ have: Bitfield) async throws -> Bitfield {
        try await withCheckedContinuation { answer in
            self.quickCheck(have, on: loop) { answer.resume(returning: $0) }
        }.get()
    }
}
