// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Swarm {
    /// Sets how much a piece matters. An unwanted piece that is under way is still finished.
    package mutating func setPriority(_ piece: PieceIndex, _ priority: PiecePriority) {
        self.setPriorities(from: piece, CollectionOfOne(priority))
    }

    /// Sets how much each of the pieces from `first` on matters; those that do not exist are ignored. Costs a step for each
    /// piece that changes, and for each peer one for each 64 pieces.
    package mutating func setPriorities(from first: PieceIndex, _ priorities: some Collection<PiecePriority>) {
        guard self.geometry.contains(first) else { return }
        let last = min(self.geometry.pieceCount, first.offset + priorities.count)
        guard last > first.offset else { return }
        let words = first.offset >> 6..<(last + 63) >> 6
        let before = Array(self.missing.words[words])
        for (index, priority) in priorities.prefix(last - first.offset).enumerated() {
            self.assign(PieceIndex(first.offset + index), priority)
        }
        self.reviewInterest(in: words, before)
    }

    /// Whether a piece is to be fetched: normal priority, or none.
    package mutating func setWanted(_ piece: PieceIndex, _ isWanted: Bool) {
        self.setPriority(piece, isWanted ? .normal : .unwanted)
    }

    private mutating func assign(_ piece: PieceIndex, _ priority: PiecePriority) {
        let before = self.priority(of: piece)
        guard before != priority else { return }
        let wasWanted = before > .unwanted
        if wasWanted != (priority > .unwanted) {
            let length = UInt64(self.geometry.length(of: piece))
            self.wantedBytes = wasWanted ? self.wantedBytes - length : self.wantedBytes + length
        }
        if self.priorities.isEmpty {
            self.priorities = Array(repeating: .normal, count: self.geometry.pieceCount)
        }
        self.priorities[piece.offset] = priority
        if priority > .unwanted { self.picker?.setPriority(piece, priority) }
        let isMissing = priority > .unwanted && !self.have[piece]
        guard isMissing != self.missing[piece] else { return }
        self.markMissing(piece, isMissing)
        guard self.open.entry(of: piece) == nil else { return }
        self.unopenedCount += isMissing ? 1 : -1
        self.pickGeneration &+= 1
        self.picker?.setState(piece, isMissing ? .wanted : .unwanted)
    }

    /// Looks anew what of some words each peer has that is missing.
    private mutating func reviewInterest(in words: Range<Int>, _ before: [UInt64]) {
        guard words.contains(where: { self.missing.words[$0] != before[$0 - words.lowerBound] }) else { return }
        for slot in self.peers.records.indices where self.peers.records[slot].isActive {
            self.peers.findLast(of: slot, in: words, self.missing)
        }
    }
}
