// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes listening Unix sockets.
enum UnixSocket {
    /// Connections that wait to be accepted.
    private static let backlog: Int32 = 128

    /// Which file a path names, so that only what was made here is removed.
    struct FileIdentity: Equatable, Sendable {
        let device: dev_t
        let inode: ino_t
    }

    /// Makes a socket at `path` and listens on it. A socket file that nobody serves is replaced. Nobody can connect
    /// before the mode and the group are right.
    static func listen(
        at path: String, mode: mode_t, group: gid_t?
    ) throws(ControlServerError) -> (descriptor: Int32, file: FileIdentity?) {
        try Self.clear(path)
        let descriptor = try Self.open(path)
        do throws(ControlServerError) {
            // On Linux the mode of the descriptor is the mode that bind gives to the file.
            try Self.check("fchmod", path, fchmod(descriptor, 0o600))
            try Self.check("bind", path, Self.withAddress(path) { bind(descriptor, $0, $1) })
            // A daemon without the right to give files away still serves its own user.
            if let group { _ = chown(path, uid_t.max, group) }
            try Self.check("chmod", path, chmod(path, mode))
            try Self.check("listen", path, Glibc.listen(descriptor, Self.backlog))
        } catch {
            close(descriptor)
            throw error
        }
        return (descriptor, Self.identity(path))
    }

    /// Gives the socket at `path` another mode and group if it is still the one that was made; false when it is not.
    static func fit(_ path: String, made: FileIdentity?, mode: mode_t, group: gid_t?) -> Bool {
        guard let made, Self.identity(path) == made else { return false }
        if let group { _ = chown(path, uid_t.max, group) }
        return chmod(path, mode) == 0
    }

    /// Removes the socket at `path` if it is still the one that was made.
    static func remove(_ path: String, made: FileIdentity?) {
        if let made, Self.identity(path) == made { unlink(path) }
    }

    private static func clear(_ path: String) throws(ControlServerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let probe = try Self.open(path)
        defer { close(probe) }
        let answer = try Self.withAddress(path) { connect(probe, $0, $1) }
        // Only a refusal proves that nobody serves it: a full backlog or a missing permission does not.
        guard answer != 0, errno == ECONNREFUSED || errno == ENOENT else { throw .alreadyServed(path: path) }
        if unlink(path) != 0, errno != ENOENT { throw Self.failure("unlink", path) }
    }

    private static func open(_ path: String) throws(ControlServerError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw Self.failure("socket", path) }
        return descriptor
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(ControlServerError) -> Int32 {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < room, !bytes.contains(0) else { throw .badPath(path) }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socketAddress in
                body(socketAddress, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return FileIdentity(device: status.st_dev, inode: status.st_ino)
    }

    private static func check(_ call: String, _ path: String, _ outcome: Int32) throws(ControlServerError) {
        if outcome != 0 { throw Self.failure(call, path) }
    }

    private static func failure(_ call: String, _ path: String) -> ControlServerError {
        let number = errno
        let reason = String(cString: strerror(number))
        return .system(call: call, path: path, errno: number, reason: reason)
    }
}
