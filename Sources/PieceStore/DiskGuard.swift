// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Sees to it that a torrent's folder is used only while the disk is mounted that the payload belongs on: what lies
/// beneath a mount point is not ours to fill.
final class DiskGuard: Sendable {
    private struct State {
        /// Where the disk is mounted; nil for the root file system, which is always there.
        var mountPoint: String?
        /// The device of the folder when it was last seen to be in place.
        var device: UInt64?
    }

    private let mounts: MountTable
    private let state = Mutex(State())

    init(mounts: MountTable) {
        self.mounts = mounts
    }

    /// From now on the disk at `mountPoint` must be there.
    func watch(_ mountPoint: String) {
        self.state.withLock { $0 = State(mountPoint: mountPoint == "/" ? nil : mountPoint) }
    }

    /// Throws when `folder`, open as `descriptor`, is not on the disk that it belongs on. Cheap while nothing changes.
    func check(_ descriptor: Int32, _ folder: String) throws(StorageError) {
        let state = self.state.withLock { $0 }
        guard let mountPoint = state.mountPoint else { return }
        let device = self.mounts.device(of: descriptor)
        if let device, device == state.device { return }
        guard !self.mounts.isMissing(mountPoint, below: folder) else { throw Self.failure(mountPoint) }
        self.state.withLock { current in
            if current.mountPoint == mountPoint { current.device = device }
        }
    }

    /// What to say of a folder that cannot be opened: the disk when that is what is missing, nil otherwise.
    func explanation(of folder: String) -> StorageError? {
        guard let mountPoint = self.state.withLock({ $0.mountPoint }) else { return nil }
        return self.mounts.isMissing(mountPoint, below: folder) ? Self.failure(mountPoint) : nil
    }

    static func failure(_ mountPoint: String) -> StorageError {
        StorageError(.openFolder, .notMounted, path: mountPoint)
    }
}
