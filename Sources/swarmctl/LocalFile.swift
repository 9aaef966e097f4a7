// SPDX-License-Identifier: Apache-2.0

import ControlText
import Glibc

/// Files of the user who typed the command: read and written here, because the daemon runs as somebody else.
enum LocalFile {
    /// The largest .torrent file that fits into one line of the protocol.
    private static let largestMetainfo = 23 << 20

    /// `path` as the daemon needs it.
    static func absolute(_ path: String) throws(Failure) -> String {
        guard !path.isEmpty else { throw .usage("an empty path") }
        guard !path.hasPrefix("/") else { return AbsolutePath.resolve(path, from: "/") }
        guard let pointer = getcwd(nil, 0) else { throw Self.failure("cannot tell the working directory") }
        defer { free(pointer) }
        return AbsolutePath.resolve(path, from: String(cString: pointer))
    }

    /// Whether there is something at `path` that can be read as a file.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }

    /// The bytes of a metainfo file.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let failure = Self.failure("cannot read \(path)")
            guard errno == ENOENT, case .failed(let reason) = failure else { throw failure }
            throw .failed("\(reason); \(SourceArgument.advice(for: path))")
        }
        defer { close(descriptor) }
        return try Self.read(from: descriptor, name: path)
    }

    /// The bytes that come from an open descriptor.
    static func read(from descriptor: Int32, name: String) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno != EINTR {
                throw Self.failure("cannot read \(name)")
            }
            guard bytes.count <= Self.largestMetainfo else {
                throw .failed("\(name) has more than \(Self.largestMetainfo) bytes: that is no .torrent file")
            }
        }
    }

    /// Says before long work that its outcome could not be written.
    static func checkWritable(_ path: String) throws(Failure) {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        guard access(String(folder), W_OK | X_OK) == 0 else { throw Self.failure("cannot write \(path)") }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw .failed("cannot write \(path): it is a folder; name a file in it")
        }
    }

    /// Writes `bytes` to `path` at once: under another name first, so that nobody sees half a file.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let draft = "\(path).\(getpid()).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("cannot write \(path)") }
        do throws(Failure) {
            try Self.writeAll(bytes, to: descriptor, path)
            guard close(descriptor) == 0, rename(draft, path) == 0 else { throw Self.failure("cannot write \(path)") }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                let failure = Self.failure("cannot write \(path)")
                close(descriptor)
                throw failure
            }
        }
    }

    private static func failure(_ what: String) -> Failure {
        .failed("\(what): \(String(cString: strerror(errno)))")
    }
}
