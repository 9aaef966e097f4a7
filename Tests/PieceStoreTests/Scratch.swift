// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder of a test's own, gone with its last reference.
final class Scratch: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/swarm-store-XXXXXX".utf8CString)
        guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
            preconditionFailure("no scratch folder: errno \(errno)")
        }
        self.path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit { Self.remove(self.path) }

    func callAsFunction(_ relative: String) -> String { self.path + "/" + relative }

    func makeFolder(_ relative: String) { mkdir(self(relative), 0o755) }

    func write(_ bytes: [UInt8], to relative: String, executable: Bool = false) {
        let descriptor = open(self(relative), O_WRONLY | O_CREAT | O_TRUNC, executable ? 0o755 : 0o644)
        precondition(descriptor >= 0, "cannot write \(relative): errno \(errno)")
        defer { close(descriptor) }
        var done = 0
        bytes.withUnsafeBytes { bytes in
            while done < bytes.count {
                done += Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            }
        }
    }

    func link(_ relative: String, to target: String) { symlink(target, self(relative)) }

    func read(_ relative: String) -> [UInt8]? {
        let descriptor = open(self(relative), O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        fstat(descriptor, &status)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
        var done = 0
        while true {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            guard count > 0 else { return Array(bytes[..<done]) }
            done += count
        }
    }

    func status(_ relative: String) -> stat? {
        var status = stat()
        return lstat(self(relative), &status) == 0 ? status : nil
    }

    func exists(_ relative: String) -> Bool { self.status(relative) != nil }

    func linkTarget(_ relative: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = bytes.withUnsafeMutableBytes { readlink(self(relative), $0.baseAddress!, $0.count) }
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }

    static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { Self.remove(path + "/" + name) }
        }
        closedir(folder)
        rmdir(path)
    }
}
