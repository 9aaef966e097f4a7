// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Moves the files of one torrent from a folder to another. Each is renamed where both are on one file system, copied,
/// flushed and then put in place where they are not; at every moment each file is whole in one of the two places.
package struct PayloadMove {
    /// Why a move failed.
    package struct Failure: Error, Sendable {
        /// What went wrong.
        package let error: StorageError
        /// Whether everything is back in the old folder.
        package let isUndone: Bool
    }

    /// What is here of a file, and there.
    private struct Presence {
        let file: FileLayout.File
        let isHere: Bool
        let isThere: Bool
        /// Bytes that are on disk here.
        let bytes: UInt64
        let device: dev_t
    }

    let files: [FileLayout.File]
    let source: DownloadFolder
    let target: DownloadFolder

    init(files: [FileLayout.File], from source: DownloadFolder, to target: DownloadFolder) {
        self.files = files.filter { $0.kind != .padding }
        self.source = source
        self.target = target
    }

    func run(resuming: Bool, progress: (UInt64, UInt64) -> Bool) throws(Failure) {
        let found: [Presence]
        do throws(StorageError) {
            found = try self.survey(resuming: resuming)
            if !resuming { try self.checkRoom(for: found) }
        } catch {
            throw Failure(error: error, isUndone: !resuming)
        }
        do throws(StorageError) {
            try self.moveAll(found, progress)
        } catch {
            // What an earlier run did is not known any more, so nothing but going on is safe.
            guard !resuming else { throw Failure(error: error, isUndone: false) }
            throw Failure(error: error, isUndone: self.undo(found))
        }
    }

    // MARK: - Looking

    /// Looks at everything before anything is changed.
    private func survey(resuming: Bool) throws(StorageError) -> [Presence] {
        try self.target.withDescriptor { (_) throws(StorageError) in }
        var found: [Presence] = []
        for file in self.files {
            let here = try Self.status(of: file, in: self.source)
            let there = try Self.status(of: file, in: self.target)
            if let there, !resuming || there.st_mode & S_IFMT != Self.kind(of: file) {
                throw self.target.failure(.move, -EEXIST, file.path)
            }
            found.append(
                Presence(
                    file: file, isHere: here.map { $0.st_mode & S_IFMT == Self.kind(of: file) } ?? false,
                    isThere: there != nil, bytes: UInt64(max(0, here?.st_blocks ?? 0)) * 512,
                    device: here?.st_dev ?? 0))
        }
        return found
    }

    /// Throws `ENOSPC` when what has to be copied will not fit.
    private func checkRoom(for found: [Presence]) throws(StorageError) {
        let (device, free) = try self.target.withDescriptor { (root) throws(StorageError) in
            var status = stat()
            var figures = statvfs()
            guard fstat(root, &status) == 0, fstatvfs(root, &figures) == 0 else {
                throw self.target.failure(.examine, -errno, [])
            }
            return (status.st_dev, UInt64(figures.f_bavail).multipliedReportingOverflow(by: UInt64(figures.f_frsize)))
        }
        let needed = found.reduce(UInt64(0)) { $0 &+ ($1.isHere && $1.device != device ? $1.bytes : 0) }
        guard needed == 0 || free.overflow || needed <= free.partialValue else {
            throw self.target.failure(.move, -ENOSPC, [])
        }
    }

    private static func kind(of file: FileLayout.File) -> mode_t {
        if case .symbolicLink = file.kind { S_IFLNK } else { S_IFREG }
    }

    /// What is at a file's place; nil when nothing is.
    private static func status(
        of file: FileLayout.File, in folder: DownloadFolder
    ) throws(StorageError) -> stat? {
        do throws(StorageError) {
            return try folder.withParent(of: file.path) { (parent, name) throws(StorageError) in
                var status = stat()
                guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0 else { return status }
                guard errno == ENOENT else { throw folder.failure(.examine, -errno, file.path) }
                return nil
            }
        } catch {
            // A folder on the way is not there, and so nothing in it.
            guard error.operation == .openFolder, error.errno == ENOENT, error.path != folder.path else { throw error }
            return nil
        }
    }

    // MARK: - Moving

    private func moveAll(_ found: [Presence], _ progress: (UInt64, UInt64) -> Bool) throws(StorageError) {
        let total = found.reduce(UInt64(0)) { $0 &+ $1.file.length }
        var done: UInt64 = 0
        var folders = Set<FolderPath>()
        for presence in found {
            let file = presence.file
            if presence.isHere, !presence.isThere {
                let start = done
                try self.target.withDescriptor { (root) throws(StorageError) in
                    try self.target.makeFolders(root, file.path.dropLast())
                }
                try self.move(file) { start &+ $0 <= total ? progress(start &+ $0, total) : true }
                var folder = FolderPath(file.path).parent
                while let next = folder, folders.insert(next).inserted { folder = next.parent }
            }
            done &+= file.length
            guard progress(min(done, total), total) else { throw self.source.failure(.move, -ECANCELED, []) }
        }
        for folder in folders {
            try self.target.synchroniseFolder(folder.names)
            try self.source.synchroniseFolder(folder.names)
        }
    }

    private func move(_ file: FileLayout.File, _ progress: (UInt64) -> Bool) throws(StorageError) {
        try self.source.withParent(of: file.path) { (here, name) throws(StorageError) in
            try self.target.withParent(of: file.path) { (there, _) throws(StorageError) in
                let code = clinux_rename_no_replace(here, name, there, name)
                switch -code {
                case 0: return
                case EXDEV: try FileCopy(file: file, target: self.target).run(here, there, name, progress)
                default: throw self.target.failure(.move, code, file.path)
                }
            }
        }
    }

    // MARK: - Taking back

    /// Puts everything back; false when something could not be.
    private func undo(_ found: [Presence]) -> Bool {
        var isUndone = true
        for presence in found where presence.isHere && !presence.isThere {
            do throws(StorageError) {
                try self.putBack(presence.file)
            } catch {
                isUndone = false
            }
        }
        self.removeEmptyFolders()
        return isUndone
    }

    private func putBack(_ file: FileLayout.File) throws(StorageError) {
        guard try Self.status(of: file, in: self.target) != nil else { return }
        try self.target.withParent(of: file.path) { (there, name) throws(StorageError) in
            guard try Self.status(of: file, in: self.source) == nil else {
                // It was copied, and the copy is ours: nothing was there before.
                guard unlinkat(there, name, 0) == 0 else { throw self.target.failure(.remove, -errno, file.path) }
                return
            }
            try self.source.withParent(of: file.path) { (here, _) throws(StorageError) in
                let code = clinux_rename_no_replace(there, name, here, name)
                guard code == 0 else { throw self.source.failure(.move, code, file.path) }
            }
        }
    }

    /// Takes away folders below the target that are of this layout and empty.
    private func removeEmptyFolders() {
        var folders = Set<FolderPath>()
        for file in self.files {
            var folder = FolderPath(file.path).parent
            while let next = folder, !next.names.isEmpty, folders.insert(next).inserted { folder = next.parent }
        }
        for folder in folders.sorted(by: { $0.names.count > $1.names.count }) {
            try? self.target.withParent(of: folder.names) { (parent, name) throws(StorageError) in
                _ = unlinkat(parent, name, AT_REMOVEDIR)
            }
        }
    }
}
