// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Synchronization

/// An open file of a torrent; closed with its last reference, so that a job never loses its descriptor to another.
final class OpenFile: Sendable {
    let descriptor: Int32
    let isWritable: Bool
    /// For messages.
    let path: String
    /// The length as last seen: only ever less than the truth, since the store never shortens a file.
    private let knownLength: Atomic<UInt64>
    /// Whether reading never waits for a disk, which such file systems do not tell of themselves read by read.
    private let isInMemory: Bool
    /// Held while writing: the kernel lets one writer into a file at a time, and those who wait there burn a processor.
    private let writeTurn = Mutex(())

    /// Takes over an open descriptor of a regular file of `length` bytes.
    init(descriptor: Int32, isWritable: Bool, path: String, length: UInt64) {
        self.descriptor = descriptor
        self.isWritable = isWritable
        self.path = path
        self.knownLength = Atomic(length)
        self.isInMemory = clinux_is_in_memory(descriptor) == 1
    }

    deinit { close(self.descriptor) }

    /// The file's length now.
    func length() throws(StorageError) -> UInt64 {
        var status = stat()
        guard fstat(self.descriptor, &status) == 0 else { throw self.failure(.examine, errno) }
        self.knownLength.store(UInt64(status.st_size), ordering: .relaxed)
        return UInt64(status.st_size)
    }

    /// Makes the file at least `length` bytes long, the rest a hole. Never shortens it.
    func extend(to length: UInt64) throws(StorageError) {
        guard self.knownLength.load(ordering: .relaxed) < length else { return }
        guard try self.length() < length else { return }
        // Two threads may both come here: both ask for the same length.
        guard ftruncate(self.descriptor, off_t(length)) == 0 else { throw self.failure(.extend, errno) }
        self.knownLength.store(length, ordering: .relaxed)
    }

    /// Reads exactly `bytes.count` bytes.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(StorageError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = pread(self.descriptor, base + done, bytes.count - done, off_t(offset) + off_t(done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw StorageError(.read, .tooShort, path: self.path, offset: offset + UInt64(done))
            } else if errno != EINTR {
                throw self.failure(.read, errno, at: offset + UInt64(done))
            }
        }
    }

    /// Reads `bytes.count` bytes if all are in the page cache. False when the disk would have to be asked, or when
    /// anything is wrong: the ordinary read will tell.
    func readCached(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        if self.isInMemory { return pread(self.descriptor, base, bytes.count, off_t(offset)) == bytes.count }
        return clinux_read_cached(self.descriptor, base, bytes.count, Int64(offset)) == bytes.count
    }

    /// Writes all of `bytes`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(StorageError) {
        let result = self.writeTurn.withLock { _ in
            Result { () throws(StorageError) in try self.writeAlone(bytes, at: offset) }
        }
        try result.get()
    }

    private func writeAlone(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(StorageError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = pwrite(self.descriptor, base + done, bytes.count - done, off_t(offset) + off_t(done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw self.failure(.write, ENOSPC, at: offset + UInt64(done))
            } else if errno != EINTR {
                throw self.failure(.write, errno, at: offset + UInt64(done))
            }
        }
    }

    /// Returns when the file's data is on the disk.
    func synchroniseData() throws(StorageError) {
        while fdatasync(self.descriptor) != 0 {
            guard errno == EINTR else { throw self.failure(.synchronise, errno) }
        }
    }

    /// Whether the bytes `offset ..< offset + length` hold any data: false when they are one hole.
    func hasData(at offset: UInt64, length: Int) throws(StorageError) -> Bool {
        let found = clinux_seek_data(self.descriptor, Int64(offset))
        guard found < 0 else { return UInt64(found) < offset + UInt64(length) }
        guard found == -Int64(ENXIO) else { throw self.failure(.examine, Int32(-found), at: offset) }
        return false
    }

    /// Asks the kernel to have a range ready.
    func readAhead(at offset: UInt64, length: Int) {
        _ = clinux_read_ahead(self.descriptor, Int64(offset), Int64(length))
    }

    private func failure(_ operation: StorageError.Operation, _ code: Int32, at offset: UInt64? = nil) -> StorageError {
        StorageError(operation, .system(code), path: self.path, offset: offset)
    }
}
