// SPDX-License-Identifier: Apache-2.0

/// The files of one watched folder, as a value: which are whole, and which were dealt with. Times are milliseconds of a clock
/// that nobody sets.
struct WatchedFiles: Sendable {
    /// What tells one state of a file from another.
    struct Mark: Hashable, Sendable {
        let inode: UInt64
        let size: Int64
        /// Nanoseconds since 1970.
        let modified: Int64

        /// As it is remembered over restarts.
        var text: String { "\(self.inode) \(self.size) \(self.modified)" }
    }

    /// A file that can be read now.
    struct Whole: Equatable, Sendable {
        let name: String
        let mark: Mark
        /// Whether it is as it will be, so that what is wrong with it stays wrong.
        let isFinal: Bool
    }

    private struct Entry {
        let mark: Mark
        /// Since when it is as it is.
        let since: Int64
        var isFinal: Bool
        var isDone = false
        /// Not read before.
        var due: Int64
    }

    /// A file that nobody has said is whole is read when it has not changed for so long,
    static let settling: Int64 = 3_000
    /// and is as it will be when it has not for so long.
    static let patience: Int64 = 60_000

    private var entries: [String: Entry] = [:]

    /// Looks at what there is. `closed` are files whose writers have just closed them; `wall` is nanoseconds since 1970.
    /// Gives what can be read, by name.
    mutating func look(
        _ files: [String: Mark], closed: Set<String>, now: Int64, wall: Int64
    ) -> [Whole] {
        self.entries = self.entries.filter { files[$0.key] != nil }
        var whole: [Whole] = []
        for (name, mark) in files.sorted(by: { $0.key < $1.key }) {
            var entry = self.entries[name].flatMap { $0.mark == mark ? $0 : nil } ?? Self.fresh(mark, now, wall)
            if closed.contains(name), !entry.isFinal {
                entry.isFinal = true
                entry.due = min(entry.due, now)
            }
            if now - entry.since >= Self.patience { entry.isFinal = true }
            self.entries[name] = entry
            if !entry.isDone, now >= entry.due {
                whole.append(Whole(name: name, mark: mark, isFinal: entry.isFinal))
            }
        }
        return whole
    }

    private static func fresh(_ mark: Mark, _ now: Int64, _ wall: Int64) -> Entry {
        // One that has lain there for a while is whole; a time to come says nothing.
        let age = max(0, (wall - mark.modified) / 1_000_000)
        let since = now - min(age, Self.patience)
        return Entry(mark: mark, since: since, isFinal: false, due: since + Self.settling)
    }

    /// Leaves a file alone as long as it is the same.
    mutating func settle(_ name: String) { self.entries[name]?.isDone = true }

    /// Reads a file again, but not before `time`.
    mutating func postpone(_ name: String, until time: Int64) { self.entries[name]?.due = time }

    /// When something is to be read next; nil when nothing is.
    var due: Int64? { self.entries.values.lazy.filter { !$0.isDone }.map(\.due).min() }
}
