// SPDX-License-Identifier: Apache-2.0

import Glibc
package import NIOCore
package import SwarmModel
import Synchronization

extension TorrentStorage {
    /// Reads a run of bytes of one piece. The answer is a buffer with exactly those bytes; slices of it can be written
    /// to sockets as they are. `recycled` is a buffer that nobody else holds any more, whose memory is used again.
    package func read(
        _ run: BlockRange, recycling recycled: ByteBuffer? = nil, on loop: any EventLoop,
        then: @escaping @Sendable (Result<ByteBuffer, StorageError>) -> Void
    ) {
        let box = RecycledBuffer(recycled)
        self.perform(.prompt, on: loop) { () throws(StorageError) in
            try self.readBlocking(run, recycling: box.take())
        } then: {
            then($0)
        }
    }

    /// Reads a run on the calling thread if the page cache has all of it and the files are open; else returns false,
    /// and nothing is lost by asking `read`. Never waits for a disk. On success `buffer` holds exactly the run.
    package func readCached(_ run: BlockRange, into buffer: inout ByteBuffer) -> Bool {
        guard self.geometry.contains(run), (try? self.checkOpen()) != nil else { return false }
        let start = self.geometry.offset(of: run.piece) + UInt64(run.begin)
        buffer.clear(minimumCapacity: Int(run.length))
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(run.length)) { bytes in
            let target = UnsafeMutableRawBufferPointer(rebasing: bytes[..<Int(run.length)])
            return self.readCached(from: start, into: target) ? target.count : 0
        }
        self.store.statistics.read.add(count, ordering: .relaxed)
        return count > 0
    }

    /// Reads a run of bytes of one piece and waits for it. Not for event loops.
    package func readBlocking(
        _ run: BlockRange, recycling recycled: consuming ByteBuffer? = nil
    ) throws(StorageError) -> ByteBuffer {
        guard self.geometry.contains(run) else { throw StorageError(.read, .outOfRange, path: self.root) }
        var buffer = recycled.take() ?? ByteBuffer()
        buffer.clear(minimumCapacity: Int(run.length))
        var failure: StorageError?
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(run.length)) { bytes in
            let target = UnsafeMutableRawBufferPointer(rebasing: bytes[..<Int(run.length)])
            do throws(StorageError) {
                try self.read(from: self.geometry.offset(of: run.piece) + UInt64(run.begin), into: target)
                return target.count
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return buffer
    }

    /// Reads a run of payload that lies in the torrent.
    func read(from start: UInt64, into bytes: UnsafeMutableRawBufferPointer) throws(StorageError) {
        try self.layout.forEachSegment(from: start, length: bytes.count) { (segment) throws(StorageError) in
            let part = bytes.part(segment)
            if self.layout.files[segment.file].kind == .padding {
                part.zero()
            } else {
                try self.file(segment.file, writable: false).read(into: part, at: segment.fileOffset)
            }
        }
        self.store.statistics.read.add(bytes.count, ordering: .relaxed)
    }

    private func readCached(from start: UInt64, into bytes: UnsafeMutableRawBufferPointer) -> Bool {
        do throws(Missed) {
            try self.layout.forEachSegment(from: start, length: bytes.count) { (segment) throws(Missed) in
                let part = bytes.part(segment)
                if self.layout.files[segment.file].kind == .padding { return part.zero() }
                guard let file = self.openFileIfCached(segment.file),
                    file.readCached(into: part, at: segment.fileOffset)
                else { throw Missed() }
            }
            return true
        } catch {
            return false
        }
    }
}

/// The page cache does not have it.
private struct Missed: Error {}

/// Carries a buffer into a job without a second reference to its memory, which would force a copy.
private final class RecycledBuffer: @unchecked Sendable {
    // Written once before the job is queued, taken once by the job.
    private var buffer: ByteBuffer?

    init(_ buffer: ByteBuffer?) { self.buffer = buffer }

    func take() -> ByteBuffer? { self.buffer.take() }
}

extension UnsafeMutableRawBufferPointer {
    /// The bytes of a run that belong to one file.
    fileprivate func part(_ segment: FileSegment) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: self[segment.runOffset..<segment.runOffset + segment.length])
    }

    fileprivate func zero() {
        guard let base = self.baseAddress else { return }
        memset(base, 0, self.count)
    }
}
