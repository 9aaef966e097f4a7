// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import TrackerWire

/// One table's part in a cluster: what was said here of torrents that are another node's, until it is told, and what
/// their owners said of them. Bounded in everything; what has no room is left out, for it comes again.
package struct ClusterShare: Sendable {
    /// Announces that wait to be told.
    package static let mostAnnounces = 8192
    /// Torrents of others whose clients come here.
    package static let mostInterests = 1 << 18
    /// A torrent that nobody has announced here for so many seconds is asked about no more.
    private static let interestLasts: UInt32 = 3600
    /// Seconds between two questions about a torrent, where there are few.
    package static let refresh: UInt32 = 30
    /// Questions given out at a time: with more torrents each is asked about less often.
    package static let questionsAtOnce = 125
    /// How often a second what is to be told is given out.
    package static let looksPerSecond = 2

    private struct Interest {
        var askedAt: UInt32
        var dueAt: UInt32
        /// What the owner counts; nil before it has answered.
        var counts: SwarmCounts?
    }

    /// Who owns what.
    package var map: ClusterMap
    private var announces: [Announcement] = []
    private var interests: [InfoHash: Interest] = [:]
    /// To be asked about, the last one first; and those that have been, in that order.
    private var queue: [InfoHash] = []
    private var waiting: [InfoHash] = []
    /// Announces that found no room.
    package private(set) var lost: UInt64 = 0

    /// Nothing has been said.
    package init(map: ClusterMap) {
        self.map = map
    }

    /// Whether there is something to tell.
    package var isIdle: Bool { self.announces.isEmpty && self.queue.isEmpty }

    /// Takes note of an announce that was taken here. Returns what the owner counts, where the torrent is another node's;
    /// `isNew` when the owner has not said yet who else takes part.
    package mutating func note(
        _ announcement: Announcement, at now: Instant
    ) -> (counts: SwarmCounts?, isNew: Bool)? {
        guard !self.map.isOwner(of: announcement.infoHash) else { return nil }
        if self.announces.count < Self.mostAnnounces { self.announces.append(announcement) } else { self.lost += 1 }
        guard announcement.event != .stopped else { return (self.interests[announcement.infoHash]?.counts, false) }
        let seconds = SwarmTable.seconds(now)
        if var interest = self.interests[announcement.infoHash] {
            interest.askedAt = seconds
            self.interests[announcement.infoHash] = interest
            return (interest.counts, interest.counts == nil)
        }
        if self.interests.count < Self.mostInterests {
            self.interests[announcement.infoHash] = Interest(askedAt: seconds, dueAt: seconds)
            self.queue.append(announcement.infoHash)
        }
        return (nil, true)
    }

    /// What the owner of a torrent counted last.
    package func counts(of infoHash: InfoHash) -> SwarmCounts? { self.interests[infoHash]?.counts }

    /// Takes in what the owner of a torrent counts. False when nobody has asked for it.
    package mutating func learn(_ counts: SwarmCounts, of infoHash: InfoHash) -> Bool {
        guard self.interests[infoHash] != nil else { return false }
        self.interests[infoHash]?.counts = counts
        return true
    }

    /// How long what an owner says of a torrent holds, in seconds: until it has been asked three times more.
    package var answersLast: UInt16 { UInt16(clamping: 3 * self.pause) }

    /// Gives out what is to be told now, each with where its node stands in the map.
    package mutating func collect(at now: Instant, _ body: (Int, ClusterItem) -> Void) {
        let seconds = SwarmTable.seconds(now)
        for announcement in self.announces {
            let owner = self.map.owner(of: announcement.infoHash)
            if owner != self.map.own { body(owner, .announced(announcement)) }
        }
        self.announces.removeAll(keepingCapacity: self.announces.count < 1024)
        // New ones stand at the end of the queue, for they have not been asked about at all.
        var asked = 0
        var visits = self.queue.count
        while visits > 0, asked < Self.questionsAtOnce, let infoHash = self.queue.popLast() {
            visits -= 1
            guard var interest = self.interests[infoHash] else { continue }
            let owner = self.map.owner(of: infoHash)
            guard owner != self.map.own, seconds < interest.askedAt.addingClamped(Self.interestLasts) else {
                self.interests[infoHash] = nil
                continue
            }
            guard interest.dueAt <= seconds else {
                self.queue.append(infoHash)
                break
            }
            interest.dueAt = seconds.addingClamped(self.pause)
            self.interests[infoHash] = interest
            asked += 1
            self.waiting.append(infoHash)
            body(owner, .asked(infoHash))
        }
        if self.queue.isEmpty {
            self.queue = self.waiting.reversed()
            self.waiting.removeAll()
        }
    }

    private var pause: UInt32 {
        max(Self.refresh, UInt32(clamping: self.interests.count / (Self.questionsAtOnce * Self.looksPerSecond)))
    }
}
