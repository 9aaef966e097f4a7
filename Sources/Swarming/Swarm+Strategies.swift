// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Swarm {
    /// Lets another strategy pick from now on, without loss: it is told all that the machine knows.
    package mutating func replacePicker(_ picker: any PiecePicker) {
        self.picker = picker
        if !picker.followsSuggestions { self.suggestions = [:] }
        self.pickGeneration &+= 1
        for index in 0..<self.geometry.pieceCount {
            let piece = PieceIndex(index)
            let priority = self.priority(of: piece)
            if priority != .normal, priority > .unwanted { picker.setPriority(piece, priority) }
            if self.have[piece] {
                picker.setState(piece, .have)
            } else if self.open.entry(of: piece) != nil {
                picker.setState(piece, .inFlight)
            } else if !self.missing[piece] {
                picker.setState(piece, .unwanted)
            }
        }
        for slot in self.peers.records.indices where self.peers.isActive(slot) {
            let count = Int(self.peers.records[slot].haveCount)
            if count > 0 { self.peers.withRow(of: slot) { picker.piecesGained($0, count: count) } }
        }
        guard !self.trackerCounts.isEmpty else { return }
        self.trackerCounts.withUnsafeBufferPointer { picker.setTrackerCounts(PieceIndex(0), $0) }
    }

    /// Lets another strategy decide from the next round on, which is due at once.
    package mutating func replaceChoker(_ choker: any Choker, at now: Instant) {
        self.choker = choker
        self.nextChokeRound = min(self.nextChokeRound, now)
    }
}
