// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import SwarmModel
import Synchronization

extension TorrentStorage {
    /// Checks a complete piece from memory and, when its hash is right, writes it. `buffer` holds the whole piece and
    /// is not written any more; let go of it to give its memory back once the job is done. `then` is told what became
    /// of it; after `.failed` the same buffer may be handed in again.
    package func complete(
        _ piece: PieceIndex, _ buffer: PieceBuffer, on loop: any EventLoop,
        then: @escaping @Sendable (PieceIndex, PieceOutcome) -> Void
    ) {
        let completions = self.store.completions(on: loop)
        guard self.geometry.contains(piece), buffer.length == Int(self.geometry.length(of: piece)) else {
            let error = StorageError(.write, .outOfRange, path: self.root)
            return completions.deliver { then(piece, .failed(error)) }
        }
        self.gate.enter {
            self.withVerdict(on: piece, buffer, loop) { verdict in
                let outcome: PieceOutcome =
                    switch verdict {
                    case .right: self.write(piece, buffer)
                    case .wrong: .hashMismatch
                    case .contradiction: .contradiction
                    }
                completions.deliver { then(piece, outcome) }
                self.gate.leave()
            }
        }
    }

    /// Hashes a piece on a store thread and tells, there, whether it is what it must be.
    private func withVerdict(
        on piece: PieceIndex, _ buffer: PieceBuffer, _ loop: any EventLoop,
        _ body: @escaping @Sendable (PieceVerdict) -> Void
    ) {
        let hashes = self.hashes
        switch hashes {
        case .v1, .hybrid:
            let job = PieceHashing.Job(buffer: buffer) { digest in
                body(buffer.withUnsafeBytes { hashes.verdict(digest, $0, piece: piece) })
            }
            self.store.hashing.submit(job, on: loop)
        case .merkle(let metainfo):
            self.store.queue.submit(.prompt) {
                self.store.statistics.hashed.add(buffer.length, ordering: .relaxed)
                let isRight = buffer.withUnsafeBytes { PieceHashes.match($0, piece, of: metainfo) }
                body(isRight == true ? .right : .wrong)
            }
        }
    }

    private func write(_ piece: PieceIndex, _ buffer: PieceBuffer) -> PieceOutcome {
        do throws(StorageError) {
            try self.checkOpen()
            let start = self.geometry.offset(of: piece)
            try buffer.withUnsafeBytes { (bytes) throws(StorageError) in try self.write(bytes, at: start) }
            return .stored
        } catch {
            return .failed(error)
        }
    }

    /// Writes a run of payload to the files it belongs to.
    private func write(_ bytes: UnsafeRawBufferPointer, at start: UInt64) throws(StorageError) {
        try self.layout.forEachSegment(from: start, length: bytes.count) { (segment) throws(StorageError) in
            guard self.layout.files[segment.file].kind != .padding else { return }
            let end = segment.runOffset + segment.length
            let part = UnsafeRawBufferPointer(rebasing: bytes[segment.runOffset..<end])
            let file = try self.file(segment.file, writable: true)
            try file.write(part, at: segment.fileOffset)
            // Noted after the write: a flush that runs meanwhile may be done twice but is never missed.
            _ = self.unsynchronised.withLock { $0.files.insert(segment.file) }
            self.store.statistics.written.add(part.count, ordering: .relaxed)
        }
    }
}
