// SPDX-License-Identifier: Apache-2.0

import Glibc
package import NIOCore
package import SwarmModel
import Synchronization

extension TorrentStorage {
    /// Lets go of the descriptors of this torrent's files, after the jobs asked for before. Later jobs open them by their
    /// paths again. What is not durable by now is forgotten: it is to be verified before anybody relies on it.
    package func closeFiles(
        on loop: any EventLoop, then: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        self.perform(
            .slow, exclusive: true, on: loop,
            { () throws(StorageError) in
                self.store.openFiles.removeAll(of: self.number)
                self.unsynchronised.withLock { $0 = Unsynchronised() }
            }, then: then)
    }

    /// Looks whether what led to `failure` has been mended: the download folder is there, so are the files of the pieces
    /// in `have`, what was not durable can be made durable, and the piece `probing`, if any, is right on disk. Succeeds
    /// when all of that is so.
    package func checkAgain(
        after failure: StorageError, _ have: Bitfield, probing piece: PieceIndex?, on loop: any EventLoop,
        then: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        self.perform(
            .slow, on: loop,
            { () throws(StorageError) in try self.checkAgainBlocking(after: failure, have, probing: piece) }, then: then
        )
    }

    /// As `checkAgain`, on the calling thread.
    package func checkAgainBlocking(
        after failure: StorageError, _ have: Bitfield, probing piece: PieceIndex?
    ) throws(StorageError) {
        // Descriptors do not outlive their disk, and one that reads too little may be of a file that was replaced.
        if failure.leavesDescriptorsDead { self.store.openFiles.removeAll(of: self.number) }
        guard try self.quickCheckBlocking(have).isEmpty else { throw failure }
        try self.synchroniseBlocking()
        guard let piece, self.geometry.contains(piece) else { return }
        guard try self.verdictOnDisk(piece) == .right else { throw failure }
    }

    /// Fails when the file that is open is no longer the one at its path: what is written to it would be lost.
    func checkInPlace(_ index: Int, _ file: OpenFile) throws(StorageError) {
        let path = self.layout.files[index].path
        try self.folder.withParent(of: path) { (parent, name) throws(StorageError) in
            var here = stat()
            var there = stat()
            guard fstat(file.descriptor, &here) == 0, fstatat(parent, name, &there, AT_SYMLINK_NOFOLLOW) == 0 else {
                throw self.folder.failure(.examine, -errno, path)
            }
            guard here.st_ino == there.st_ino, here.st_dev == there.st_dev else {
                throw StorageError(.examine, .replaced, path: self.folder.absolute(path))
            }
        }
    }
}

extension StorageError {
    fileprivate var leavesDescriptorsDead: Bool {
        switch self.reason {
        case .system(let code): [EIO, ESTALE, ENODEV, ENXIO, ENOTCONN, EHOSTDOWN].contains(code)
        case .tooShort: self.operation == .read
        case .notMounted: true
        case .replaced, .wrongKind, .closed, .outOfRange: false
        }
    }
}
