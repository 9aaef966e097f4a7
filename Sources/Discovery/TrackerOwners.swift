// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization
import TrackerWire

/// Which tracker of a cluster looks after a torrent, as the trackers themselves have said. It is asked instead of the one
/// that we were told of; when it does not answer, the others are asked in turn, and the one that we were told of among
/// them. Where nothing was said of a torrent yet, what was said of others at the same URL names whom else to ask.
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

    /// How a tracker took the question for others.
    private struct Asked {
        var dueAt: ContinuousClock.Instant
        var failures = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// Trackers that belong together, by announce URL; those named last come first.
        var clusters: [String: [String]]
        var hasNews = false
        var asked: [String: Asked] = [:]
    }

    /// More torrents than anybody has; past it what is known is forgotten, which costs a question each.
    private static let most = 100_000
    /// Clusters that are remembered, and trackers of each.
    private static let mostClusters = 256
    private static let mostNodes = 8
    /// Between two questions for others, and after so many without an answer.
    private static let pause = Duration.seconds(30)
    private static let longPause = Duration.seconds(1800)
    private static let patience = 2

    private let state: Mutex<State>

    /// Remembers clusters of an earlier run; what is not well-formed of them is left out.
    init(_ clusters: [String: [String]] = [:]) {
        let plain = clusters.mapValues { $0.filter { TrackerAuthority.isPlain(Array($0.utf8)) } }
        self.state = Mutex(State(clusters: plain.filter { !$0.value.isEmpty }))
    }

    /// The URL to ask for a torrent of the tracker at `url`.
    func target(of infoHash: InfoHash, at url: String) -> String {
        let current = self.state.withLock { $0.entries[Key(infoHash: infoHash, url: url)]?.current }
        return current.flatMap { Self.url(url, at: $0) } ?? url
    }

    /// How many trackers may be asked, at least one.
    func count(of infoHash: InfoHash, at url: String) -> Int {
        1 + self.state.withLock { Self.entry(Key(infoHash: infoHash, url: url), in: $0)?.trackers.count ?? 0 }
    }

    /// A tracker said who would look after the torrent; `current` is asked from now on, nil for the one at `url`.
    func learn(_ trackers: [String], current: String?, of infoHash: InfoHash, at url: String) {
        self.state.withLock { state in
            let key = Key(infoHash: infoHash, url: url)
            guard current != nil || !trackers.isEmpty else {
                state.entries[key] = nil
                return
            }
            if state.entries.count >= Self.most, state.entries[key] == nil { state.entries.removeAll() }
            state.entries[key] = Entry(trackers: trackers, current: current)
            Self.remember(trackers, at: url, in: &state)
        }
    }

    /// From now on the tracker at `target` is asked, which was one of `target(of:at:)`.
    func choose(_ target: String, of infoHash: InfoHash, at url: String) {
        let current = target == url ? nil : TrackerURL(target)?.authority
        self.state.withLock { $0.entries[Key(infoHash: infoHash, url: url)]?.current = current }
    }

    /// The tracker that is asked does not answer: the next one is.
    func advance(_ infoHash: InfoHash, at url: String) {
        self.state.withLock { state in
            let key = Key(infoHash: infoHash, url: url)
            guard var entry = Self.entry(key, in: state) else { return }
            let turn = [nil] + entry.trackers.map(Optional.some)
            let index = turn.firstIndex(of: entry.current) ?? 0
            entry.current = turn[(index + 1) % turn.count]
            state.entries[key] = entry
        }
    }

    /// Which trackers belong together, if that has changed since the last call.
    func takeNews() -> [String: [String]]? {
        self.state.withLock { state in
            guard state.hasNews else { return nil }
            state.hasNews = false
            return state.clusters
        }
    }

    /// Whether the tracker at `target` is to be asked for others now. A yes counts as a question.
    func mayAskNodes(of target: String, at now: ContinuousClock.Instant) -> Bool {
        self.state.withLock { state in
            if let asked = state.asked[target], asked.dueAt > now { return false }
            if state.asked.count >= Self.most { state.asked.removeAll() }
            state.asked[target, default: Asked(dueAt: now)].dueAt = now + Self.pause
            return true
        }
    }

    /// The tracker did not answer that.
    func noNodes(from target: String, at now: ContinuousClock.Instant) {
        self.state.withLock { state in
            guard var asked = state.asked[target] else { return }
            asked.failures += 1
            if asked.failures >= Self.patience { asked.dueAt = now + Self.longPause }
            state.asked[target] = asked
        }
    }

    /// It did.
    func answeredNodes(from target: String) {
        self.state.withLock { $0.asked[target]?.failures = 0 }
    }

    private static func entry(_ key: Key, in state: borrowing State) -> Entry? {
        state.entries[key] ?? state.clusters[key.url].map { Entry(trackers: $0, current: nil) }
    }

    private static func remember(_ trackers: [String], at url: String, in state: inout State) {
        let before = state.clusters[url] ?? []
        let plain = trackers.filter { TrackerAuthority.isPlain(Array($0.utf8)) }
        let all = Array((plain + before.filter { !plain.contains($0) }).prefix(Self.mostNodes))
        // Another order is no news: each torrent has its own.
        guard Set(all) != Set(before) else { return }
        if before.isEmpty, state.clusters.count >= Self.mostClusters, let first = state.clusters.keys.min() {
            state.clusters[first] = nil
        }
        state.clusters[url] = all
        state.hasNews = true
    }

    /// The same URL at another tracker.
    private static func url(_ url: String, at authority: String) -> String? {
        guard let parts = TrackerURL(url), TrackerAuthority.isPlain(Array(authority.utf8)) else { return nil }
        return parts.scheme + "://" + authority + parts.pathAndQuery
    }
}
