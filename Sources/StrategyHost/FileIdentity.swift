// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Which file a path led to, and in which state: another one, or the same after a change, has another identity.
struct FileIdentity: Hashable, Sendable, CustomStringConvertible {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    init(_ status: stat) {
        self.device = UInt(status.st_dev)
        self.inode = UInt(status.st_ino)
        self.size = Int(status.st_size)
        self.seconds = status.st_mtim.tv_sec
        self.nanoseconds = status.st_mtim.tv_nsec
    }

    /// The same for equal ones alone, on one line.
    var description: String { "\(self.device) \(self.inode) \(self.size) \(self.seconds).\(self.nanoseconds)" }
}
