// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Swarm {
    /// Failed pieces remembered at a time.
    private static let maximumSuspects = 256

    /// A piece matched its hash and is written: it is had from now on. Also for pieces that came by another way.
    package mutating func pieceVerified(_ piece: PieceIndex, at now: Instant) {
        guard self.geometry.contains(piece), !self.have[piece] else { return }
        let wasOpen = self.closeEntry(of: piece)
        self.have.insert(piece)
        self.leftBytes -= UInt64(self.geometry.length(of: piece))
        self.suspects.removeAll { $0 == piece }
        self.picker?.setState(piece, .have)
        guard self.missing[piece] else { return }
        if !wasOpen { self.unopenedCount -= 1 }
        self.markMissing(piece, false)
        self.peers.ceasedMissing(piece, self.missing)
    }

    /// A piece did not match its hash: all its blocks are free again. Tells who had a hand in it. Nobody when the piece
    /// was not under way.
    package mutating func pieceFailed(_ piece: PieceIndex) -> PieceFailure {
        guard let entry = self.openEntry(of: piece) else { return PieceFailure(contributors: [], culprit: nil) }
        var contributors: [PeerSlot] = []
        var someAreGone = false
        for block in 0..<Int(self.open[entry].blockCount) {
            let cell = self.open.cell(block, of: entry)
            for position in 0..<Int(cell.askedCount) {
                let slot = cell[position]
                if slot == BlockCell.gone {
                    someAreGone = true
                } else if !contributors.contains(Int(slot)) {
                    contributors.append(Int(slot))
                }
            }
        }
        for slot in contributors { self.peers.records[slot].hashFailures &+= 1 }
        let culprit = contributors.count == 1 && !someAreGone ? contributors.first : nil
        if culprit == nil, !self.suspects.contains(piece), self.suspects.count < Self.maximumSuspects {
            self.suspects.append(piece)
        }
        self.pieceReset(piece)
        return PieceFailure(contributors: contributors, culprit: culprit)
    }

    /// A piece under way is given up, as when storage failed or its buffer is needed: all its blocks are free again, and
    /// what was asked of peers is forgotten; what of it still comes is unwanted unless the piece is begun again.
    package mutating func pieceReset(_ piece: PieceIndex) {
        guard self.geometry.contains(piece), self.closeEntry(of: piece) else { return }
        self.pickGeneration &+= 1
        if self.missing[piece] { self.unopenedCount += 1 }
        self.picker?.setState(piece, self.missing[piece] ? .wanted : .unwanted)
    }

    /// How many failed pieces a connected peer had a hand in.
    package func hashFailures(of slot: PeerSlot) -> Int {
        self.peers.isActive(slot) ? Int(self.peers.records[slot].hashFailures) : 0
    }

    /// A tracker told how many in the whole swarm, connected or not, have each of the pieces from `first` on. Advice for the
    /// strategy; counts of pieces that do not exist are ignored.
    package mutating func setTrackerCounts(_ first: PieceIndex, _ counts: [UInt32]) {
        guard self.geometry.contains(first) else { return }
        if self.trackerCounts.isEmpty { self.trackerCounts = Array(repeating: 0, count: self.geometry.pieceCount) }
        let known = counts.prefix(self.geometry.pieceCount - first.offset)
        for (index, count) in known.enumerated() { self.trackerCounts[first.offset + index] = count }
        known.withUnsafeBufferPointer { self.picker?.setTrackerCounts(first, $0) }
    }

    /// Notes that a piece is missing, or is not any more, without regard to peers.
    mutating func markMissing(_ piece: PieceIndex, _ isMissing: Bool) {
        if isMissing { self.missing.insert(piece) } else { self.missing.remove(piece) }
        let length = UInt64(self.geometry.length(of: piece))
        self.missingBytes = isMissing ? self.missingBytes + length : self.missingBytes - length
    }

    /// Returns whether the piece was under way.
    private mutating func closeEntry(of piece: PieceIndex) -> Bool {
        guard let entry = self.open.entry(of: piece) else { return false }
        if self.open[entry].workers > 0 {
            for slot in self.peers.records.indices where Int(self.peers.records[slot].current) == entry {
                self.detach(slot)
            }
        }
        if self.open[entry].requested > 0 { self.forgetRequests(of: entry) }
        self.open.close(entry)
        return true
    }

    private mutating func forgetRequests(of entry: Int) {
        for block in 0..<Int(self.open[entry].blockCount) {
            let cell = self.open.cell(block, of: entry)
            guard cell.status == .requested else { continue }
            for position in 0..<Int(cell.askedCount) { self.peers.records[Int(cell[position])].outstanding -= 1 }
        }
    }
}
