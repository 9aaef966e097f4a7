// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Copies one file into a folder on another file system: under a name of its own until all of it is on the disk, then
/// under its own. Holes stay holes.
struct FileCopy {
    /// Bytes that are copied between two looks at whether to go on.
    private static let portion = 4 << 20
    /// What the copy is called until it is whole begins so; the rest is made of the file's path, so that a copy that was
    /// cut off is found and begun anew.
    static let prefix = ".swarm-copy-"

    let file: FileLayout.File
    let target: DownloadFolder

    /// `here` and `there` are the folders that hold it under `name`. `progress` hears of the bytes that are copied, and
    /// answers whether to go on.
    func run(_ here: Int32, _ there: Int32, _ name: String, _ progress: (UInt64) -> Bool) throws(StorageError) {
        // A torrent that has such a name of its own could lose a file by it.
        guard !name.hasPrefix(Self.prefix) else { throw self.failure(EINVAL) }
        if unlinkat(there, self.temporaryName, 0) != 0, errno != ENOENT { throw self.failure(errno) }
        do throws(StorageError) {
            if case .symbolicLink = self.file.kind {
                try self.copyLink(here, there, name)
            } else {
                try self.copyBytes(here, there, name, progress)
            }
            let code = clinux_rename_no_replace(there, self.temporaryName, there, name)
            guard code == 0 else { throw self.failure(-code) }
        } catch {
            unlinkat(there, self.temporaryName, 0)
            throw error
        }
    }

    private func copyLink(_ here: Int32, _ there: Int32, _ name: String) throws(StorageError) {
        var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlinkat(here, name, &text, Int(PATH_MAX))
        guard length >= 0, symlinkat(text, there, self.temporaryName) == 0 else { throw self.failure(errno) }
    }

    private func copyBytes(
        _ here: Int32, _ there: Int32, _ name: String, _ progress: (UInt64) -> Bool
    ) throws(StorageError) {
        let input = openat(here, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard input >= 0 else { throw self.failure(errno) }
        defer { close(input) }
        var status = stat()
        guard fstat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StorageError(.move, .wrongKind, path: self.target.absolute(self.file.path))
        }
        let output = openat(
            there, self.temporaryName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, status.st_mode & 0o777)
        guard output >= 0 else { throw self.failure(errno) }
        defer { close(output) }
        guard ftruncate(output, status.st_size) == 0 else { throw self.failure(errno) }
        var buffer = [UInt8](repeating: 0, count: Self.portion)
        let size = Int64(status.st_size)
        var position: Int64 = 0
        while position < size {
            let start = clinux_seek_data(input, position)
            // Nothing but a hole is left; a file system that knows no holes has data everywhere.
            if start == -Int64(ENXIO) { break }
            if start > position { position = start }
            let hole = clinux_seek_hole(input, position)
            let end = hole > position ? min(hole, size) : size
            while position < end {
                position += try self.copy(
                    input, output, at: position, most: Int(min(end - position, Int64(Self.portion))), &buffer)
                guard progress(UInt64(position)) else { throw self.failure(ECANCELED) }
            }
        }
        guard fsync(output) == 0 else { throw self.failure(errno) }
    }

    private func copy(
        _ input: Int32, _ output: Int32, at position: Int64, most count: Int, _ buffer: inout [UInt8]
    ) throws(StorageError) -> Int64 {
        let read = pread(input, &buffer, count, off_t(position))
        guard read > 0 else {
            if read < 0, errno == EINTR { return 0 }
            throw read < 0
                ? self.failure(errno) : StorageError(.move, .tooShort, path: self.target.absolute(self.file.path))
        }
        var written = 0
        while written < read {
            let result = buffer[written..<read].withUnsafeBytes {
                pwrite(output, $0.baseAddress, $0.count, off_t(position) + off_t(written))
            }
            if result > 0 {
                written += result
            } else if errno != EINTR {
                throw self.failure(errno)
            }
        }
        return Int64(read)
    }

    /// FNV-1a of the path.
    private var temporaryName: String {
        let hash = self.file.relativePath.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        return Self.prefix + String(hash, radix: 16)
    }

    private func failure(_ code: Int32) -> StorageError { self.target.failure(.move, -code, self.file.path) }
}
