// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A torrent whose peers are looked for, again and again.
package struct TorrentSearch: Hashable, Sendable {
    /// How a torrent is announced.
    package struct Announcement: Hashable, Sendable {
        /// Where peers are accepted; nil for the port that our datagrams come from.
        package var port: UInt16?
        /// Whether everything is here.
        package var isSeed: Bool

        /// An announcement as it is.
        package init(port: UInt16?, isSeed: Bool) {
            self.port = port
            self.isSeed = isSeed
        }
    }

    /// What a search found, over both families.
    package struct Result: Hashable, Sendable {
        /// Peers.
        package var peers = 0
        /// Nodes that answered.
        package var answers = 0
        /// Nodes that were told that we have the torrent.
        package var announced = 0

        /// Nothing.
        package init() {}
    }

    /// Searches are this far apart: announces are forgotten after half an hour.
    package static let interval = Interval.seconds(15 * 60)
    /// The first one after one that found nobody comes this soon, the next after twice as long.
    package static let firstRetry = Interval.seconds(30)
    /// Whoever asks for a search at once has to wait this long after the last.
    package static let shortestInterval = Interval.seconds(30)

    /// What is announced; nil where we only look.
    package var announcement: Announcement?
    /// When the next search may begin.
    package internal(set) var due: Instant
    /// When the last one ended.
    package internal(set) var lastEnd: Instant?
    /// What the last one found.
    package internal(set) var last = Result()
    /// Walks under way.
    package internal(set) var underWay = 0
    var current = Result()
    private var retry = firstRetry

    init(_ announcement: Announcement?, at now: Instant) {
        self.announcement = announcement
        self.due = now
    }

    /// The last walk of a search has ended.
    mutating func end(random: inout SplitMix64, at now: Instant) {
        self.last = self.current
        self.current = Result()
        self.lastEnd = now
        // Spread, so that what began together does not stay together.
        let spread = Interval(nanoseconds: Int64(random.next(below: UInt64(Self.interval.nanoseconds / 8))))
        if self.last.peers > 0 {
            self.retry = Self.firstRetry
            self.due = now + Self.interval - spread
        } else {
            self.due = now + min(self.retry, Self.interval - spread)
            self.retry = min(self.retry + self.retry, Self.interval)
        }
    }

    /// Somebody wants a search now; returns when it will be.
    mutating func hurry(at now: Instant) -> Instant {
        guard self.underWay == 0 else { return now }
        self.due = min(self.due, max(now, self.lastEnd.map { $0 + Self.shortestInterval } ?? now))
        return self.due
    }
}
