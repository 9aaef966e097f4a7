// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Keeps a folder to one process: an flock on `lock` in it, which the kernel drops however the process ends. The file
/// holds the owner's process id for whoever is refused.
struct StateLock: ~Copyable {
    private let descriptor: Int32

    /// The id is written with this width, so that no truncation is needed.
    private static let width = 20

    init(directory: String) throws(StateError) {
        let path = directory + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .inaccessible(path: path, reason: StateFolder.reason(errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let owner = Self.owner(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else { throw .inaccessible(path: path, reason: StateFolder.reason(code)) }
            throw .inUse(directory: directory, pid: owner)
        }
        let digits = String(getpid())
        let text = Array((digits + String(repeating: " ", count: Self.width - digits.utf8.count) + "\n").utf8)
        // Only whoever is refused reads it: the lock holds without it, on a full disk too.
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    private static func owner(_ descriptor: Int32) -> Int32? {
        var text = [UInt8](repeating: 0, count: Self.width)
        let count = text.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        return Int32(String(decoding: text.prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
    }
}
