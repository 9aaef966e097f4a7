// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Plugin files that held a thread up and were not done with it when the daemon ended, in a small text file: they are not
/// loaded again until the file is another one, or the line is taken out. May be used from any thread; none waits for
/// another, so it is written from one thread only.
package struct PluginQuarantine: Sendable {
    /// Bytes that the file may have; more was not written here.
    private static let sizeLimit = 64 << 10

    /// Where the lines are kept.
    package let path: String

    /// Kept at `path`, whose folder is there.
    package init(path: String) {
        self.path = path
    }

    /// Whether a plugin in this state of its file is kept out.
    func contains(_ plugin: String, _ file: FileIdentity) -> Bool {
        self.lines().contains(Self.line(plugin, file))
    }

    /// Keeps a plugin out from the next start on. Returns false when that cannot be written.
    func add(_ plugin: String, _ file: FileIdentity) -> Bool {
        let line = Self.line(plugin, file)
        // What was known of the file before it changed is of no use any more.
        return self.write(self.lines().filter { !$0.hasSuffix("\t" + plugin) } + [line])
    }

    /// Lets a plugin in again. Returns false when that cannot be written.
    func remove(_ plugin: String, _ file: FileIdentity) -> Bool {
        let line = Self.line(plugin, file)
        let lines = self.lines()
        return !lines.contains(line) || self.write(lines.filter { $0 != line })
    }

    private static func line(_ plugin: String, _ file: FileIdentity) -> String { "\(file)\t\(plugin)" }

    private func lines() -> [String] {
        let descriptor = open(self.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.sizeLimit) { room, count in
            count = max(0, read(descriptor, room.baseAddress, Self.sizeLimit))
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The file is replaced as a whole: half a list would let plugins in.
    private func write(_ lines: [String]) -> Bool {
        let text = Array(lines.map { $0 + "\n" }.joined().utf8)
        let other = self.path + ".new"
        let descriptor = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let isWritten = Glibc.write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(other, self.path) == 0 else {
            unlink(other)
            return false
        }
        return true
    }
}
