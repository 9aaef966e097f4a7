// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import Synchronization

/// Addresses whose announces are refused, kept in a file of the state folder: an address or a range a line. The file is
/// replaced whole, never changed where it lies.
final class BanList: Sendable {
    /// Most entries: a list for people to keep, not a block list of the world.
    static let most = 100_000
    private static let longestFile = 16 << 20

    private let path: String?
    private let entries: Mutex<[String]>

    /// Reads what was banned before; without a folder nothing is kept.
    init(folder: String?) throws(TrackerServerError) {
        self.path = folder.map { $0 + "/bans" }
        var entries: [String] = []
        if let path = self.path { entries = try Self.read(path) }
        self.entries = Mutex(entries)
    }

    /// As they were given, in that order.
    var all: [String] { self.entries.withLock { $0 } }

    /// All of them as one.
    var filter: AddressFilter { AddressFilter(text: self.all.joined(separator: "\n").utf8) }

    /// An address, or a range as 10.0.0.0/8, as it is written down; nil for anything else.
    static func entry(_ text: String) -> String? {
        let word = text.filter { $0 != " " }
        let read = AddressFilter(text: word.utf8)
        return read.ruleCount == 1 && read.junkCount == 0 && word.utf8.count <= 100 ? word : nil
    }

    /// Adds one; false when it is there already.
    func add(_ entry: String) throws(TrackerServerError) -> Bool {
        try self.change { entries throws(TrackerServerError) in
            guard !entries.contains(entry) else { return false }
            guard entries.count < Self.most else {
                throw TrackerServerError("there are \(Self.most) bans, which is all")
            }
            entries.append(entry)
            return true
        }
    }

    /// Takes one away; false when it is not there.
    func remove(_ entry: String) throws(TrackerServerError) -> Bool {
        try self.change { entries throws(TrackerServerError) in
            guard let index = entries.firstIndex(of: entry) else { return false }
            entries.remove(at: index)
            return true
        }
    }

    private func change(
        _ body: @Sendable (inout [String]) throws(TrackerServerError) -> Bool
    ) throws(TrackerServerError) -> Bool {
        let path = self.path
        return try self.entries.withLock { entries throws(TrackerServerError) in
            var changed = entries
            guard try body(&changed) else { return false }
            if let path { try Self.write(changed, to: path) }
            entries = changed
            return true
        }
    }

    private static func read(_ path: String) throws(TrackerServerError) -> [String] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw TrackerServerError("\(path) cannot be read: \(Self.reason)")
        }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while text.count <= Self.longestFile {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw TrackerServerError("\(path) cannot be read: \(Self.reason)") }
            guard count > 0 else { break }
            text += chunk.prefix(count)
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Self.entry(String($0)) }
    }

    private static func write(_ entries: [String], to path: String) throws(TrackerServerError) {
        let fresh = path + ".new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw TrackerServerError("\(fresh) cannot be written: \(Self.reason)") }
        let text = Array((entries.joined(separator: "\n") + "\n").utf8)
        var done = 0
        while done < text.count {
            let count = text[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            done += count
        }
        let isWhole = done == text.count && fsync(descriptor) == 0
        let reason = Self.reason
        close(descriptor)
        guard isWhole, rename(fresh, path) == 0 else {
            throw TrackerServerError("\(path) cannot be written: \(reason)")
        }
    }

    private static var reason: String { strerror(errno).map { String(cString: $0) } ?? "error \(errno)" }
}
