// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Pieces that a peer wishes to be asked for (BEP 6), as a source does that sends every piece to one peer first.
struct Suggestions {
    var pieces: [PieceIndex] = []
    /// When the last one came.
    var at: Instant
}

extension Swarm {
    /// Suggestions of one peer that are remembered.
    private static let maximumSuggestions = 64
    /// A peer that suggests what to ask for is asked for nothing else until it has been silent for so long.
    private static let suggestionPatience = Interval.seconds(1)

    /// A peer suggests a piece, which is asked of it before others. While its suggestions come, nothing else is: it knows
    /// what others were sent, and whatever it is asked for beyond that is sent twice. A picker that has an order of its own
    /// is not disturbed.
    package mutating func peerSuggested(_ slot: PeerSlot, _ piece: PieceIndex, at now: Instant) {
        guard self.picker?.followsSuggestions == true, self.peers.isActive(slot), self.geometry.contains(piece) else {
            return
        }
        var suggestions = self.suggestions[slot] ?? Suggestions(at: now)
        suggestions.at = now
        if suggestions.pieces.count < Self.maximumSuggestions, !suggestions.pieces.contains(piece) {
            suggestions.pieces.append(piece)
        }
        self.suggestions[slot] = suggestions
    }

    /// Opens the next piece that the peer suggested and that is still to be had.
    mutating func suggestedEntry(for slot: PeerSlot) -> Int? {
        guard !self.suggestions.isEmpty, self.open.count < self.configuration.maximumOpenPieces else { return nil }
        while let piece = self.suggestions[slot]?.pieces.first {
            self.suggestions[slot]?.pieces.removeFirst()
            guard self.missing[piece], self.open.entry(of: piece) == nil, self.peers.has(piece, slot),
                !self.suspects.contains(piece)
            else { continue }
            return self.begin(piece)
        }
        return nil
    }

    /// Whether the peer is about to suggest what to ask it for. Once it was waited for in vain it is not waited for again
    /// before it suggests something: it has stopped. Once somebody else has every piece that is missing, nothing is spoilt by
    /// asking it for any of them.
    mutating func awaitsSuggestion(of slot: PeerSlot, at now: Instant) -> Bool {
        guard !self.suggestions.isEmpty, let suggestions = self.suggestions[slot] else { return false }
        guard now - max(suggestions.at, self.peers.records[slot].lastBlockAt) < Self.suggestionPatience else {
            self.suggestions[slot] = nil
            return false
        }
        let isAnyAtSeedsOnly = self.missing.words.withUnsafeBufferPointer { self.holders.isAnyAtSeedsOnly($0) }
        if !isAnyAtSeedsOnly { self.suggestions[slot] = nil }
        return isAnyAtSeedsOnly
    }
}
