// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// How many announces go to each tracker, and who waits for one that has enough: a tracker that does not answer must
/// not hold up the announces to others.
struct AnnounceLanes: Sendable {
    private struct Lane {
        var underWay = 0
        /// Who waits, from `first` on; those before have gone.
        var waiting: [InfoHash] = []
        var first = 0

        mutating func popFirst() -> InfoHash? {
            guard self.first < self.waiting.count else { return nil }
            defer {
                self.first += 1
                if self.first * 2 > self.waiting.count {
                    self.waiting.removeFirst(self.first)
                    self.first = 0
                }
            }
            return self.waiting[self.first]
        }
    }

    private let limit: Int
    private var lanes: [Substring: Lane] = [:]

    /// Lets `limit` announces go to a tracker at a time.
    init(limit: Int) {
        self.limit = limit
    }

    /// The part of an announce URL that tells one tracker from another: host and port.
    static func name(of url: String) -> Substring {
        let parts = url.split(separator: "/", maxSplits: 2)
        return parts.count > 1 ? parts[1] : url[...]
    }

    /// Takes a place. When there is none, the torrent waits, and the answer is false.
    mutating func enter(_ name: Substring, _ infoHash: InfoHash) -> Bool {
        var lane = self.lanes.removeValue(forKey: name) ?? Lane()
        defer { self.lanes[name] = lane }
        guard lane.underWay < self.limit else {
            lane.waiting.append(infoHash)
            return false
        }
        lane.underWay += 1
        return true
    }

    /// Gives a place back. Those who waited for it are named, the first first, until one is `ready` to take it.
    mutating func leave(_ name: Substring, ready: (InfoHash) -> Bool) {
        guard var lane = self.lanes.removeValue(forKey: name) else { return }
        lane.underWay -= 1
        while let next = lane.popFirst(), !ready(next) {}
        if lane.underWay > 0 || !lane.waiting.isEmpty { self.lanes[name] = lane }
    }
}
