// SPDX-License-Identifier: Apache-2.0

import Glibc
package import NIOCore
import Synchronization

extension TorrentStorage {
    /// Deletes this torrent's files and links, then those of its folders that are empty. Jobs asked for before are
    /// finished first, later ones refused. Goes on past an error and reports the first.
    package func removeData(on loop: any EventLoop, then: @escaping @Sendable (Result<Void, StorageError>) -> Void) {
        let completions = self.store.completions(on: loop)
        self.enqueue(.slow, exclusive: true) {
            self.close()
            let result = Result { () throws(StorageError) in try self.removeDataBlocking() }
            completions.deliver { then(result) }
        }
    }

    /// As `removeData`, on the calling thread; nothing else may be going on with this torrent.
    package func removeDataBlocking() throws(StorageError) {
        self.store.openFiles.removeAll(of: self.number)
        self.unsynchronised.withLock { $0 = Unsynchronised() }
        try self.folder.withDescriptor { (_) throws(StorageError) in }
        var firstError: StorageError?
        for file in self.layout.files where file.kind != .padding {
            do throws(StorageError) { try self.removeEntry(file) } catch { firstError = firstError ?? error }
        }
        for folder in self.folders {
            do throws(StorageError) { try self.removeFolder(folder.names) } catch { firstError = firstError ?? error }
        }
        if let firstError { throw firstError }
    }

    /// Every folder of the layout, deepest first.
    private var folders: [FolderPath] {
        var found = Set<FolderPath>()
        for file in self.layout.files where file.kind != .padding {
            var folder = FolderPath(file.path).parent
            while let next = folder, !next.names.isEmpty, found.insert(next).inserted { folder = next.parent }
        }
        return found.sorted { $0.names.count > $1.names.count }
    }

    private func removeEntry(_ file: FileLayout.File) throws(StorageError) {
        try self.inParent(of: file.path) { (parent, name) throws(StorageError) in
            var status = stat()
            guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
            let kind = status.st_mode & S_IFMT
            // Only what is of the torrent's own kind: a user's link or folder in a file's place stays.
            switch file.kind {
            case .regular: guard kind == S_IFREG else { return }
            case .symbolicLink: guard kind == S_IFLNK else { return }
            case .padding: return
            }
            guard unlinkat(parent, name, 0) == 0 || errno == ENOENT else {
                throw self.folder.failure(.remove, -errno, file.path)
            }
        }
    }

    private func removeFolder(_ path: [String]) throws(StorageError) {
        try self.inParent(of: path) { (parent, name) throws(StorageError) in
            guard unlinkat(parent, name, AT_REMOVEDIR) != 0 else { return }
            switch errno {
            case ENOTEMPTY, EEXIST, ENOENT, ENOTDIR, EBUSY: return
            default: throw self.folder.failure(.remove, -errno, path)
            }
        }
    }

    /// As `withParent`; a parent that is missing, or is a link, holds nothing of ours.
    private func inParent(
        of path: [String], _ body: (Int32, String) throws(StorageError) -> Void
    ) throws(StorageError) {
        do throws(StorageError) {
            try self.folder.withParent(of: path, body)
        } catch {
            let isAbsent = error.errno == ENOENT || error.errno == ELOOP || error.reason == .wrongKind
            guard error.operation == .openFolder, isAbsent else { throw error }
        }
    }
}
