// SPDX-License-Identifier: Apache-2.0

import Glibc
package import NIOCore
import Synchronization

extension TorrentStorage {
    /// Makes what the payload needs before its first byte: folders, empty files, symbolic links; and checks that files
    /// that are missing can be made. What exists is left as it is. The download folder itself must exist: it may be
    /// the place of a disk that is not mounted.
    package func prepare(on loop: any EventLoop, then: @escaping @Sendable (Result<Void, StorageError>) -> Void) {
        self.perform(.slow, on: loop, { () throws(StorageError) in try self.prepareBlocking() }, then: then)
    }

    /// As `prepare`, on the calling thread.
    package func prepareBlocking() throws(StorageError) {
        try self.folder.withDescriptor { (root) throws(StorageError) in
            var seen = Set<FolderPath>()
            let unwanted = self.unwanted.withLock { $0 }
            for (index, file) in self.layout.files.enumerated()
            where file.kind != .padding && !unwanted.contains(index) {
                let folder = Array(file.path.dropLast())
                if seen.insert(FolderPath(folder)).inserted {
                    try self.folder.makeFolders(root, folder)
                    try self.checkWritable(folder, for: file)
                }
                try self.prepare(file)
            }
        }
    }

    private func prepare(_ file: FileLayout.File) throws(StorageError) {
        switch file.kind {
        case .padding: return
        case .symbolicLink(let target): try self.makeLink(file, to: target)
        case .regular(let isExecutable):
            guard file.length == 0 else { return }
            do throws(StorageError) {
                let isNew = try self.folder.open(
                    file.path, writable: false, creates: true, executable: isExecutable
                ).isNew
                if isNew { self.noteNewEntry(file.path) }
            } catch {
                // It exists and is not ours to read: an empty file needs no reading.
                guard error.errno == EACCES else { throw error }
            }
        }
    }

    private func makeLink(_ file: FileLayout.File, to target: [String]) throws(StorageError) {
        let text = Self.linkText(from: file.path, to: target)
        try self.folder.withParent(of: file.path) { (parent, name) throws(StorageError) in
            guard symlinkat(text, parent, name) != 0 else { return self.noteNewEntry(file.path) }
            guard errno == EEXIST else { throw self.folder.failure(.createLink, -errno, file.path) }
        }
    }

    /// Says early that a missing file cannot be made, once for each folder.
    private func checkWritable(_ folder: [String], for file: FileLayout.File) throws(StorageError) {
        try self.folder.withParent(of: file.path) { (parent, name) throws(StorageError) in
            var status = stat()
            guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0, errno == ENOENT else { return }
            guard faccessat(parent, ".", W_OK | X_OK, AT_EACCESS) != 0 else { return }
            throw self.folder.failure(.open, -errno, file.path)
        }
    }

    /// What a link at `path` must say to lead to `target`, both from the download folder down.
    static func linkText(from path: [String], to target: [String]) -> String {
        let folder = path.dropLast()
        let shared = zip(folder, target.dropLast()).prefix { $0.utf8.elementsEqual($1.utf8) }.count
        let up = Array(repeating: "..", count: folder.count - shared)
        let names = up + target.dropFirst(shared)
        return names.joined(separator: "/")
    }
}
