// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The folder that holds the state, and what is done with whole files in it.
enum StateFolder {
    /// Makes the folder and those above it, for the owner only.
    static func create(_ path: String) throws(StateError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o700) != 0, errno != EEXIST {
                let code = errno
                var status = stat()
                if stat(made, &status) == 0 { continue }
                throw .inaccessible(path: made, reason: "cannot be created: " + Self.reason(code))
            }
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw .inaccessible(path: path, reason: Self.reason(errno)) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .inaccessible(path: path, reason: "is not a folder") }
        guard access(path, W_OK | X_OK) == 0 else {
            throw .inaccessible(path: path, reason: "is not writable: " + Self.reason(errno))
        }
    }

    /// Renames a database with its log and index to a name that nothing else has, and returns it. Nothing is deleted.
    static func moveAside(database path: String) throws(StateError) -> String {
        let stamp = path + ".corrupt-\(time(nil))"
        var target = stamp
        var attempt = 1
        while access(target, F_OK) == 0 {
            attempt += 1
            target = stamp + "-\(attempt)"
        }
        for suffix in ["-wal", "-shm", ""] where rename(path + suffix, target + suffix) != 0 {
            let code = errno
            if code == ENOENT, !suffix.isEmpty { continue }
            throw .inaccessible(path: path + suffix, reason: "cannot be moved aside: " + Self.reason(code))
        }
        return target
    }

    /// The system's words for an errno.
    static func reason(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}
