// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization
import TrackerWire

/// Which tracker of a cluster looks after a torrent, as the trackers themselves have said. It is asked instead of the one
/// that we were told of; when it does not answer, the others are asked in turn, and the one that we were told of among
/// them.
final class TrackerOwners: Sendable {
    private struct Key: Hashable {
        let infoHash: InfoHash
        let url: String
    }

    private struct Entry {
        /// `host:port` of trackers that would look after the torrent, the likeliest first.
        var trackers: [String]
        /// Which of them is asked; nil for the one that we were told of.
        var current: String?
    }

    /// More torrents than anybody has; past it what is known is forgotten, which costs a question each.
    private static let most = 100_000

    private let entries = Mutex<[Key: Entry]>([:])

    /// The URL to ask for a torrent of the tracker at `url`.
    func target(of infoHash: InfoHash, at url: String) -> String {
        let current = self.entries.withLock { $0[Key(infoHash: infoHash, url: url)]?.current }
        return current.flatMap { Self.url(url, at: $0) } ?? url
    }

    /// How many trackers may be asked, at least one.
    func count(of infoHash: InfoHash, at url: String) -> Int {
        1 + (self.entries.withLock { $0[Key(infoHash: infoHash, url: url)]?.trackers.count } ?? 0)
    }

    /// A tracker said who would look after the torrent; `current` is asked from now on, nil for the one at `url`.
    func learn(_ trackers: [String], current: String?, of infoHash: InfoHash, at url: String) {
        self.entries.withLock { entries in
            let key = Key(infoHash: infoHash, url: url)
            guard current != nil || !trackers.isEmpty else {
                entries[key] = nil
                return
            }
            if entries.count >= Self.most, entries[key] == nil { entries.removeAll() }
            entries[key] = Entry(trackers: trackers, current: current)
        }
    }

    /// From now on the tracker at `target` is asked, which was one of `target(of:at:)`.
    func choose(_ target: String, of infoHash: InfoHash, at url: String) {
        let current = target == url ? nil : TrackerURL(target)?.authority
        self.entries.withLock { $0[Key(infoHash: infoHash, url: url)]?.current = current }
    }

    /// The tracker that is asked does not answer: the next one is.
    func advance(_ infoHash: InfoHash, at url: String) {
        self.entries.withLock { entries in
            guard let entry = entries[Key(infoHash: infoHash, url: url)] else { return }
            let turn = [nil] + entry.trackers.map(Optional.some)
            let index = turn.firstIndex(of: entry.current) ?? 0
            entries[Key(infoHash: infoHash, url: url)]?.current = turn[(index + 1) % turn.count]
        }
    }

    /// The same URL at another tracker.
    private static func url(_ url: String, at authority: String) -> String? {
        guard let parts = TrackerURL(url), TrackerAuthority.isPlain(Array(authority.utf8)) else { return nil }
        return parts.scheme + "://" + authority + parts.pathAndQuery
    }
}
