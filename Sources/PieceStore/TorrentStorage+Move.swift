// SPDX-License-Identifier: Apache-2.0

import Glibc
package import NIOCore

extension TorrentStorage {
    /// Moves this torrent's files and links below another folder; the bytes may go to another disk. When this has
    /// succeeded every file is whole and durable in `target`; where it was copied it is still here as well, for
    /// `removeData` to take away once the new place is recorded. When it fails everything is back where it was, unless
    /// that failed too: `isUndone` of the error tells. Nothing that is there already is ever replaced.
    ///
    /// Nothing else may use the files meanwhile. With `resuming` an earlier move that was cut off is completed: files
    /// that have arrived are left alone. `progress` hears of bytes that have arrived, and of all there are; when it
    /// answers false the move ends with `ECANCELED`.
    package func moveData(
        to target: String, resuming: Bool, on loop: any EventLoop,
        progress: @escaping @Sendable (UInt64, UInt64) -> Bool,
        then: @escaping @Sendable (Result<Void, PayloadMove.Failure>) -> Void
    ) {
        let completions = self.store.completions(on: loop)
        self.enqueue(.slow, exclusive: true) {
            let result = Result { () throws(PayloadMove.Failure) in
                try self.moveDataBlocking(to: target, resuming: resuming, progress: progress)
            }
            completions.deliver { then(result) }
        }
    }

    /// As `moveData`, on the calling thread.
    package func moveDataBlocking(
        to target: String, resuming: Bool, progress: @Sendable (UInt64, UInt64) -> Bool
    ) throws(PayloadMove.Failure) {
        self.store.openFiles.removeAll(of: self.number)
        let move = PayloadMove(
            files: self.layout.files, from: self.folder,
            to: DownloadFolder(path: target, disk: DiskGuard(mounts: self.mounts)))
        try move.run(resuming: resuming, progress: progress)
    }
}
