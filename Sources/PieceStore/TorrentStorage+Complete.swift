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
        self.enqueue(.prompt) {
            let outcome = self.checkAndWrite(piece, buffer)
            completions.deliver { then(piece, outcome) }
        }
    }

    /// Hashes the first `end` bytes of a piece that is still arriving, so that less is left when it is complete. They
    /// must not be written any more. Worth a call for steps of 256 KiB and more.
    package func hashPrefix(of buffer: PieceBuffer, upTo end: Int) {
        guard case .v1 = self.hashes else { return }
        self.store.queue.submit(.prompt) { self.hash(buffer, upTo: end) }
    }

    private func hash(_ buffer: PieceBuffer, upTo end: Int) {
        self.store.statistics.hashed.add(buffer.hash(upTo: end), ordering: .relaxed)
    }

    private func isRight(_ buffer: PieceBuffer, _ piece: PieceIndex) -> Bool {
        switch self.hashes {
        case .v1:
            self.hash(buffer, upTo: buffer.length)
            return self.hashes.match(buffer.digest(), piece: piece)
        case .merkle(let metainfo):
            self.store.statistics.hashed.add(buffer.length, ordering: .relaxed)
            return buffer.withUnsafeBytes { PieceHashes.match($0, piece, of: metainfo) }
        }
    }

    private func checkAndWrite(_ piece: PieceIndex, _ buffer: PieceBuffer) -> PieceOutcome {
        guard self.geometry.contains(piece), buffer.length == Int(self.geometry.length(of: piece)) else {
            return .failed(StorageError(.write, .outOfRange, path: self.root))
        }
        guard self.isRight(buffer, piece) else { return .hashMismatch }
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
