// SPDX-License-Identifier: Apache-2.0

import Glibc
package import NIOCore
package import SwarmModel

extension TorrentStorage {
    /// Finds the disk that the payload lies on, and from then on uses the folder only while that is mounted. To be
    /// called before anything is written. Gives where it is mounted, to be remembered for the next start.
    ///
    /// `remembered` is what an earlier call gave. When nothing is mounted there any more the call fails, unless the
    /// payload has been moved: every file of the pieces in `have` is there all the same, or the operator is
    /// `accepting` the folder as it is.
    package func settle(
        _ remembered: String?, _ have: Bitfield, accepting: Bool = false, on loop: any EventLoop,
        then: @escaping @Sendable (Result<String, StorageError>) -> Void
    ) {
        self.perform(
            .slow, on: loop,
            { () throws(StorageError) in try self.settleBlocking(remembered, have, accepting: accepting) }, then: then)
    }

    /// As `settle`, on the calling thread.
    package func settleBlocking(
        _ remembered: String?, _ have: Bitfield, accepting: Bool = false
    ) throws(StorageError) -> String {
        if let remembered, self.mounts.isMissing(remembered, below: self.root), !accepting {
            guard try self.isMoved(have, from: remembered) else { throw DiskGuard.failure(remembered) }
        }
        guard let mountPoint = self.mounts.mountPoint(of: self.root) else {
            throw StorageError(.openFolder, .system(ENOENT), path: self.root)
        }
        self.folder.disk.watch(mountPoint)
        return mountPoint
    }

    /// Whether everything that is recorded is in the folder although its disk is not there.
    private func isMoved(_ have: Bitfield, from remembered: String) throws(StorageError) -> Bool {
        // Only to look: whatever comes of it, writing has to wait for the end of this call.
        self.folder.disk.watch("/")
        defer { self.folder.disk.watch(remembered) }
        guard !have.isEmpty else { return false }
        do throws(StorageError) {
            return try self.quickCheckBlocking(have).isEmpty
        } catch {
            guard error.errno == ENOENT || error.reason == .wrongKind else { throw error }
            return false
        }
    }
}

extension PieceStore {
    /// Which of these mount points have nothing mounted.
    package func missing(
        _ mountPoints: Set<String>, in mounts: MountTable, on loop: any EventLoop,
        then: @escaping @Sendable (Set<String>) -> Void
    ) {
        let completions = self.completions(on: loop)
        self.queue.submit(.slow) {
            let missing = mountPoints.filter { !mounts.isMounted($0) }
            completions.deliver { then(missing) }
        }
    }
}
