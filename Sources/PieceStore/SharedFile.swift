// SPDX-License-Identifier: Apache-2.0

import Glibc
import Metainfo

/// Something found in a folder that is to be shared, as it was when it was found.
struct SharedFile: Sendable {
    /// As the torrent will list it.
    let description: MetainfoBuilder.File
    /// Where it is read from.
    let source: String
    private let modified: timespec
    private let inode: ino_t

    init(_ description: MetainfoBuilder.File, source: String, _ status: stat) {
        self.description = description
        self.source = source
        self.modified = status.st_mtim
        self.inode = status.st_ino
    }

    /// Whether the file is as it was found.
    func isUnchanged(_ status: stat) -> Bool {
        UInt64(status.st_size) == self.description.length && status.st_ino == self.inode
            && status.st_mtim.tv_sec == self.modified.tv_sec && status.st_mtim.tv_nsec == self.modified.tv_nsec
    }

    /// Opens it for reading; it must be as it was found.
    func open() throws(CreationError) -> OpenFile {
        let descriptor = Glibc.open(self.source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw CreationError(.unreadable(errno: errno), path: self.source) }
        let file = OpenFile(
            descriptor: descriptor, isWritable: false, path: self.source, length: self.description.length)
        try self.check(file)
        return file
    }

    /// Throws when the file is no longer as it was found.
    func check(_ file: OpenFile) throws(CreationError) {
        var status = stat()
        guard fstat(file.descriptor, &status) == 0, self.isUnchanged(status) else {
            throw CreationError(.changed, path: self.source)
        }
    }
}
