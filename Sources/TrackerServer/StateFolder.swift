// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The tracker's folder, held by one process at a time: a lock on a file in it, which the kernel lets go of when the
/// process ends, however it ends.
final class StateFolder: Sendable {
    let path: String
    private let lock: Mutex<Int32>

    /// Creates the folder and those above it where they are missing.
    init(_ path: String) throws(TrackerServerError) {
        try Self.create(path)
        self.path = path
        let lockPath = path + "/lock"
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw TrackerServerError("state_dir \(path) is not writable: \(Self.reason(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw TrackerServerError(
                code == EWOULDBLOCK
                    ? "state_dir \(path) is in use by another tracker"
                    : "state_dir \(path) cannot be locked: \(Self.reason(code))")
        }
        self.lock = Mutex(descriptor)
    }

    deinit {
        self.release()
    }

    /// Lets another process have it.
    func release() {
        self.lock.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    private static func create(_ path: String) throws(TrackerServerError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o750) != 0, errno != EEXIST else { continue }
            throw TrackerServerError("state_dir \(path) cannot be created: \(made): \(Self.reason(errno))")
        }
    }

    private static func reason(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
