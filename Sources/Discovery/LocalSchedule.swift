// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// When which torrents are called out on the local network (BEP 14): each every five minutes, many in one message, and never
/// more than a message a second. A value.
package struct LocalSchedule: Sendable {
    /// A torrent is called out this often.
    package static let interval = Interval.seconds(300)
    /// Messages are at least this far apart.
    package static let messageGap = Interval.seconds(1)
    /// Torrents that are kept; more are not called out.
    package static let torrentLimit = 5_000

    private var due: [InfoHash: Instant] = [:]
    private var queue: [InfoHash] = []
    private var first = 0
    private var notBefore: Instant

    /// Nothing to call out.
    package init(at now: Instant) {
        self.notBefore = now
    }

    /// How many torrents there are.
    package var count: Int { self.due.count }

    /// Adds a torrent, to be called out soon: those that come within a moment share a message.
    package mutating func add(_ infoHash: InfoHash, at now: Instant) {
        guard self.due[infoHash] == nil, self.due.count < Self.torrentLimit else { return }
        self.due[infoHash] = now
        self.queue.insert(infoHash, at: self.first)
        self.notBefore = max(self.notBefore, now + .milliseconds(100))
    }

    /// Takes a torrent out.
    package mutating func remove(_ infoHash: InfoHash) {
        guard self.due.removeValue(forKey: infoHash) != nil,
            let place = self.queue.firstIndex(of: infoHash)
        else { return }
        self.queue.remove(at: place)
        if place < self.first { self.first -= 1 }
    }

    /// When the next message may go out; nil for never.
    package var deadline: Instant? {
        guard !self.queue.isEmpty else { return nil }
        let next = self.queue[self.first == self.queue.count ? 0 : self.first]
        return self.due[next].map { max($0, self.notBefore) }
    }

    /// The torrents of the message that is due now; nil for none.
    package mutating func next(at now: Instant) -> [InfoHash]? {
        guard let deadline = self.deadline, deadline <= now else { return nil }
        var batch: [InfoHash] = []
        while batch.count < min(LocalAnnouncement.torrentLimit, self.queue.count) {
            if self.first == self.queue.count { self.first = 0 }
            let infoHash = self.queue[self.first]
            guard let due = self.due[infoHash], due <= now else { break }
            self.due[infoHash] = now + Self.interval
            self.first += 1
            batch.append(infoHash)
        }
        self.notBefore = now + Self.messageGap
        return batch.isEmpty ? nil : batch
    }
}
