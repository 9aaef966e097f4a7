// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Which torrents take part when not all may, as a value: the first ones in their order, those that are fetched and those
/// that are complete apart.
struct QueuePlan: Equatable, Sendable {
    /// A torrent that wants to take part.
    struct Candidate: Equatable, Sendable {
        let infoHash: InfoHash
        let isComplete: Bool
        /// It stands still, by some trouble of its own or because nobody serves it, and so takes nobody's place.
        let isStuck: Bool
    }

    /// Those that may.
    private(set) var admitted: Set<InfoHash> = []
    /// Those that may not yet, with their places from 1, what is fetched and what is complete apart.
    private(set) var positions: [InfoHash: Int] = [:]
    /// How many downloads and how many seeds wait.
    private(set) var waiting = (downloads: 0, seeds: 0)

    /// Plans for candidates in their order; 0 is no limit.
    init(_ candidates: some Sequence<Candidate>, downloads: Int, seeds: Int) {
        var left = (downloads: downloads > 0 ? downloads : Int.max, seeds: seeds > 0 ? seeds : Int.max)
        for candidate in candidates {
            let room = candidate.isComplete ? left.seeds : left.downloads
            if room > 0 {
                self.admitted.insert(candidate.infoHash)
                if candidate.isStuck { continue }
                if candidate.isComplete { left.seeds -= 1 } else { left.downloads -= 1 }
            } else if candidate.isComplete {
                self.waiting.seeds += 1
                self.positions[candidate.infoHash] = self.waiting.seeds
            } else {
                self.waiting.downloads += 1
                self.positions[candidate.infoHash] = self.waiting.downloads
            }
        }
    }

    static func == (left: QueuePlan, right: QueuePlan) -> Bool {
        left.admitted == right.admitted && left.positions == right.positions
    }
}
