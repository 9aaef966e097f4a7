// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder of its own for one test, removed with everything in it.
final class ScratchFolder {
    let path: String

    init() {
        var template = Array("/tmp/swarm-state-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { preconditionFailure("/tmp takes no folder") }
        self.path = String(cString: made)
    }

    deinit { Self.remove(self.path) }

    /// Returns when nobody has the state in this folder any more: what was let go of is closed when the task that made its last
    /// commit is over, too.
    func waitUntilFree() async {
        let lock = open(self.path + "/lock", O_RDWR | O_CLOEXEC)
        guard lock >= 0 else { return }
        while flock(lock, LOCK_EX | LOCK_NB) != 0 { await Task.yield() }
        close(lock)
    }

    var names: [String] { Self.names(in: self.path) }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk.prefix(count) }
        return bytes
    }

    static func write(_ bytes: some Collection<UInt8>, to path: String) {
        guard let file = fopen(path, "w") else { return }
        fwrite(Array(bytes), 1, bytes.count, file)
        fclose(file)
    }

    private static func remove(_ folder: String) {
        for name in Self.names(in: folder) {
            let path = folder + "/" + name
            if unlink(path) != 0 { Self.remove(path) }
        }
        rmdir(folder)
    }
}
