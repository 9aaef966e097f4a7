// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The folder a torrent's files are in. Every path below it is walked without following symbolic links, so that a
/// planted link never leads outside.
struct DownloadFolder: Sendable {
    /// As the user named it.
    let path: String
    /// Keeps us off what lies beneath a missing disk.
    let disk: DiskGuard

    /// Permissions of new files and folders, before the umask.
    private static let fileMode: mode_t = 0o666
    private static let executableMode: mode_t = 0o777
    private static let folderMode: mode_t = 0o777

    /// For messages.
    func absolute(_ names: [String]) -> String { ([self.path] + names).joined(separator: "/") }

    /// Opens the folder itself and lends its descriptor.
    func withDescriptor<R>(_ body: (Int32) throws(StorageError) -> R) throws(StorageError) -> R {
        let root = clinux_open_folder(self.path)
        guard root >= 0 else {
            if let missing = self.disk.explanation(of: self.path) { throw missing }
            throw StorageError(.openFolder, -root == ENOTDIR ? .wrongKind : .system(-root), path: self.path)
        }
        defer { close(root) }
        try self.disk.check(root, self.path)
        return try body(root)
    }

    /// Opens a regular file. With `creates` makes it and its folders when they are missing, and says so in the result.
    func open(
        _ names: [String], writable: Bool, creates: Bool, executable: Bool = false
    ) throws(StorageError) -> (file: OpenFile, isNew: Bool) {
        try self.withDescriptor { (root) throws(StorageError) in
            // O_NONBLOCK: a FIFO in the file's place must not hold the thread.
            let flags = (writable ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_NOCTTY
            var result = clinux_open_beneath(root, names.joined(separator: "/"), flags, 0)
            var isNew = false
            if result == -ENOENT, creates {
                try self.makeFolders(root, names.dropLast())
                let mode = executable ? Self.executableMode : Self.fileMode
                result = clinux_open_beneath(
                    root, names.joined(separator: "/"), flags | O_CREAT | O_EXCL, mode)
                isNew = result >= 0
                if result == -EEXIST {
                    result = clinux_open_beneath(root, names.joined(separator: "/"), flags, 0)
                }
            }
            guard result >= 0 else { throw self.failure(.open, result, names) }
            return (try self.adopt(result, names, writable: writable), isNew)
        }
    }

    /// Makes the folders of a path that are missing.
    func makeFolders(_ root: Int32, _ names: some Sequence<String>) throws(StorageError) {
        var current = root
        var walked: [String] = []
        defer { if current != root { close(current) } }
        for name in names {
            walked.append(name)
            if mkdirat(current, name, Self.folderMode) != 0, errno != EEXIST {
                throw self.failure(.createFolder, -errno, walked)
            }
            let next = clinux_open_folder_beneath(current, name)
            guard next >= 0 else { throw self.failure(.openFolder, next, walked) }
            if current != root { close(current) }
            current = next
        }
    }

    /// Lends the descriptor of the folder that holds the last name of a path.
    func withParent<R>(
        of names: [String], _ body: (Int32, String) throws(StorageError) -> R
    ) throws(StorageError) -> R {
        try self.withDescriptor { (root) throws(StorageError) in
            guard let name = names.last, names.count > 1 else { return try body(root, names.last ?? "") }
            let path = names.dropLast().joined(separator: "/")
            let parent = clinux_open_folder_beneath(root, path)
            guard parent >= 0 else { throw self.failure(.openFolder, parent, names.dropLast()) }
            defer { close(parent) }
            return try body(parent, name)
        }
    }

    /// Returns when the entries of the folder that holds `names` are on the disk.
    func synchroniseFolder(_ names: some Collection<String>) throws(StorageError) {
        try self.withDescriptor { (root) throws(StorageError) in
            let path = names.isEmpty ? "." : names.joined(separator: "/")
            let folder = clinux_open_beneath(root, path, O_RDONLY | O_DIRECTORY, 0)
            guard folder >= 0 else { throw self.failure(.synchronise, folder, names) }
            defer { close(folder) }
            // Some network file systems know no fsync of folders: they need none.
            guard fsync(folder) == 0 || errno == EINVAL else { throw self.failure(.synchronise, -errno, names) }
        }
    }

    /// Takes an open descriptor, provided that it is a regular file's.
    private func adopt(_ descriptor: Int32, _ names: [String], writable: Bool) throws(StorageError) -> OpenFile {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw StorageError(.open, .wrongKind, path: self.absolute(names))
        }
        return OpenFile(
            descriptor: descriptor, isWritable: writable, path: self.absolute(names), length: UInt64(status.st_size))
    }

    /// `code` is negative, as CLinux answers.
    func failure(
        _ operation: StorageError.Operation, _ code: Int32, _ names: some Sequence<String>
    ) -> StorageError {
        let isKind = -code == ENOTDIR || -code == EISDIR
        return StorageError(operation, isKind ? .wrongKind : .system(-code), path: self.absolute(Array(names)))
    }
}
