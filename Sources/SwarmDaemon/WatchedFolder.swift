// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Looks at and into one watched folder. Blocks: for a thread that may wait. Nothing but plain files is touched, and no
/// symbolic link in the folder is followed.
struct WatchedFolder: Sendable {
    /// Why something could not be done, in words.
    struct Failure: Error { let reason: String }

    /// The most files of one look.
    static let mostFiles = 1_024
    /// The largest file.
    static let largestFile = 32 << 20
    private static let mostNames = 100

    let path: String

    /// The files that may be added, with what tells their states apart.
    func files() throws(Failure) -> [String: WatchedFiles.Mark] {
        guard let folder = opendir(self.path) else { throw Self.failure() }
        defer { closedir(folder) }
        var files: [String: WatchedFiles.Mark] = [:]
        while files.count < Self.mostFiles, let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name, Self.isWanted(name) else { continue }
            var status = stat()
            guard fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFREG
            else { continue }
            files[name] = Self.mark(status)
        }
        return files
    }

    /// Whether a name is that of a file to add: those that begin with a dot are still being written.
    static func isWanted(_ name: String) -> Bool {
        let lowered = name.lowercased()
        return !name.hasPrefix(".") && (lowered.hasSuffix(".torrent") || lowered.hasSuffix(".magnet"))
    }

    /// The bytes of a file.
    func read(_ name: String) throws(Failure) -> [UInt8] {
        let descriptor = open(self.path + "/" + name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure() }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.largestFile else {
            throw Failure(reason: "it is no file of at most \(Self.largestFile >> 20) MiB")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while bytes.count <= Self.largestFile {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw Self.failure() }
            bytes += chunk[..<count]
        }
        throw Failure(reason: "it grows while it is read")
    }

    /// Gives a file another ending, when it is still as it was: `a.torrent` becomes `a.torrent.added`. Nothing is replaced.
    func mark(_ name: String, _ ending: String, _ mark: WatchedFiles.Mark) throws(Failure) {
        var status = stat()
        let path = self.path + "/" + name
        guard lstat(path, &status) == 0 else { throw Self.failure() }
        guard Self.mark(status) == mark else { throw Failure(reason: "it has changed") }
        for number in 1...Self.mostNames {
            let place = path + "." + ending + (number > 1 ? ".\(number)" : "")
            let code = clinux_rename_no_replace(AT_FDCWD, path, AT_FDCWD, place)
            if code == 0 { return }
            guard code == -EEXIST else { throw Self.failure(-code) }
        }
        throw Failure(reason: "there are too many of its name")
    }

    private static func mark(_ status: stat) -> WatchedFiles.Mark {
        WatchedFiles.Mark(
            inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec))
    }

    private static func failure(_ code: Int32 = errno) -> Failure {
        Failure(reason: String(cString: strerror(code)))
    }
}
