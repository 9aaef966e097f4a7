// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The files that are open, at most so many over all torrents: the least recently used one makes room.
final class OpenFileCache: Sendable {
    /// Names a file: the storage it belongs to and its number there.
    struct Key: Hashable {
        let storage: UInt64
        let file: Int
    }

    private struct Entry {
        let file: OpenFile
        var lastUse: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Holds at most `capacity` files, at least 1.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// How many files are open.
    var count: Int { self.state.withLock { $0.entries.count } }

    /// The open file, if there is one that allows what is wanted.
    func file(_ key: Key, writable: Bool) -> OpenFile? {
        self.state.withLock { state in
            state.clock += 1
            guard let entry = state.entries[key], entry.file.isWritable || !writable else { return nil }
            state.entries[key]?.lastUse = state.clock
            return entry.file
        }
    }

    /// Remembers a file just opened. Returns the one to use: another thread may have been faster.
    func insert(_ file: OpenFile, _ key: Key) -> OpenFile {
        let (kept, dropped) = self.state.withLock { state -> (OpenFile, OpenFile?) in
            state.clock += 1
            if let entry = state.entries[key], entry.file.isWritable || !file.isWritable { return (entry.file, file) }
            var dropped = state.entries.updateValue(Entry(file: file, lastUse: state.clock), forKey: key)?.file
            if state.entries.count > self.capacity,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            {
                dropped = state.entries.removeValue(forKey: oldest)?.file
            }
            return (file, dropped)
        }
        // Closing may block; it happens here, outside the lock.
        withExtendedLifetime(dropped) {}
        return kept
    }

    /// Forgets all files of one storage.
    func removeAll(of storage: UInt64) {
        let dropped = self.state.withLock { state -> [OpenFile] in
            let keys = state.entries.keys.filter { $0.storage == storage }
            return keys.compactMap { state.entries.removeValue(forKey: $0)?.file }
        }
        withExtendedLifetime(dropped) {}
    }

    /// Closes half of the files: for when the process has run out of descriptors.
    func shrink() {
        let dropped = self.state.withLock { state -> [OpenFile] in
            let oldest = state.entries.sorted { $0.value.lastUse < $1.value.lastUse }.prefix(
                state.entries.count / 2 + 1)
            return oldest.compactMap { state.entries.removeValue(forKey: $0.key)?.file }
        }
        withExtendedLifetime(dropped) {}
    }
}
