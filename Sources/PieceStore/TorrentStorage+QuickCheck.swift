// SPDX-License-Identifier: Apache-2.0

import Glibc
package import NIOCore
package import SwarmModel

extension TorrentStorage {
    /// Which of the pieces in `have` cannot be there, because a file is missing or too short: for the start, when
    /// nothing is to be read again. An error (no such download folder) says nothing about the pieces.
    package func quickCheck(
        _ have: Bitfield, on loop: any EventLoop, then: @escaping @Sendable (Result<Bitfield, StorageError>) -> Void
    ) {
        self.perform(.slow, on: loop, { () throws(StorageError) in try self.quickCheckBlocking(have) }, then: then)
    }

    /// As `quickCheck`, on the calling thread.
    package func quickCheckBlocking(_ have: Bitfield) throws(StorageError) -> Bitfield {
        precondition(have.count == self.geometry.pieceCount, "a bitfield of another torrent")
        var lost = Bitfield(count: have.count)
        guard !have.isEmpty else { return lost }
        try self.folder.withDescriptor { (_) throws(StorageError) in }
        for file in self.layout.files where file.length > 0 && file.kind != .padding {
            let present = try self.presentLength(of: file)
            guard present < file.length else { continue }
            let pieceLength = UInt64(self.geometry.pieceLength)
            for piece in (file.offset + present) / pieceLength...(file.end - 1) / pieceLength {
                let index = PieceIndex(UInt32(piece))
                if have[index] { lost.insert(index) }
            }
        }
        return lost
    }

    /// Length of a file on disk; 0 when there is no such file.
    private func presentLength(of file: FileLayout.File) throws(StorageError) -> UInt64 {
        do throws(StorageError) {
            return try self.folder.withParent(of: file.path) { (parent, name) throws(StorageError) in
                var status = stat()
                guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                    throw self.folder.failure(.examine, -errno, file.path)
                }
                return status.st_mode & S_IFMT == S_IFREG ? UInt64(status.st_size) : 0
            }
        } catch {
            guard error.errno == ENOENT || error.errno == ELOOP || error.reason == .wrongKind else { throw error }
            return 0
        }
    }
}
