// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc

/// A folder that payload is to go below, looked at before a torrent is taken in, so that a mistake is told to the one
/// who made it. What goes wrong with it later suspends the torrent.
struct PayloadFolder {
    /// As the caller named it.
    let path: String
    private let sandbox: SandboxAdvice

    /// What a torrent has at the top: a file, or a folder of files.
    struct Top {
        let name: String
        let isFolder: Bool
    }

    /// Throws when there is no such folder, or nobody may enter it.
    init(_ path: String, sandbox: SandboxAdvice = .ofThisProcess) throws(ControlError) {
        guard path.hasPrefix("/") else {
            throw ControlError(.invalidParams, "the folder must be an absolute path, not \u{201C}\(path)\u{201D}")
        }
        self.path = path
        self.sandbox = sandbox
        var status = stat()
        guard stat(path, &status) == 0 else { throw self.failure(errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw self.failure(ENOTDIR) }
        guard Self.allows(path, X_OK) else { throw self.failure(EACCES) }
    }

    /// Whether something has the name of the torrent's file or folder already.
    func holds(_ top: Top) -> Bool {
        var status = stat()
        return lstat(self.place(of: top), &status) == 0
    }

    /// Throws when the torrent's file or folder can neither be found here nor be made.
    func admit(_ top: Top) throws(ControlError) {
        let place = self.place(of: top)
        var status = stat()
        guard lstat(place, &status) == 0 else {
            guard Self.allows(self.path, W_OK | X_OK) else { throw self.failure(errno) }
            return
        }
        let kind = status.st_mode & S_IFMT
        guard kind == (top.isFolder ? S_IFDIR : S_IFREG) else {
            let (wanted, found) = (top.isFolder ? "a folder" : "a file", Self.word(for: kind))
            throw ControlError(
                .storage,
                "\(place) is \(found) where the torrent has \(wanted); move it away or choose another folder")
        }
    }

    private func place(of top: Top) -> String {
        (self.path == "/" ? "" : self.path) + "/" + top.name
    }

    private func failure(_ code: Int32) -> ControlError {
        let reason = "the folder \(self.path): \(String(cString: strerror(code)))"
        if let advice = self.sandbox.advice(for: self.path, errno: code) {
            return ControlError(.storage, "\(reason); \(advice)")
        }
        return switch code {
        case ENOENT: ControlError(.storage, "\(reason); create it, or mount the disk that it is on")
        case EACCES, EPERM: ControlError(.storage, "\(reason); \(DaemonUser.advice)")
        default: ControlError(.storage, "\(reason); choose another one")
        }
    }

    private static func allows(_ path: String, _ mode: Int32) -> Bool {
        faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
    }

    private static func word(for kind: mode_t) -> String {
        switch kind {
        case S_IFDIR: "a folder"
        case S_IFREG: "a file"
        case S_IFLNK: "a symbolic link"
        default: "a device, pipe or socket"
        }
    }
}
