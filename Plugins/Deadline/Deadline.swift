// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import SwarmPluginKit

/// For playing what is not complete yet. The pieces of the next `window` seconds of playback have deadlines, and the most
/// urgent is picked; beyond the window, the rarest. A peer that is much slower than others is given what it can bring in
/// time, and leaves the most urgent to those.
///
/// What is played is the pieces of the highest priority that are missing, from `start` on.
final class Deadline: RarityPicker {
    private static let fewest = 16
    private static let most = 4096
    /// Pieces whose bits fill a line of the processor's caches, and such lines that a pick asks for at once.
    private static let piecesPerLine = 512
    private static let lookahead = 3

    private let seconds: Double
    /// Pieces played in a second; 0 for half of what comes in.
    private let rate: Double
    private let pieceLength: Double
    private let start: Int
    private var meter = IntakeMeter()
    private var playhead = Playhead()
    /// No piece that is played and missing lies before it.
    private var frontier: Int
    /// Priority of what is played.
    private var played = 0

    override init(_ setup: PluginSetup) {
        self.seconds = Double(setup.integer(0))
        self.pieceLength = Double(max(setup.pieceLength, 1))
        self.rate = Double(setup.integer(1)) * 1024 / self.pieceLength
        let start = Double(setup.integer(2)) * 1_048_576 / self.pieceLength
        self.start = min(Int(start), setup.pieceCount)
        self.frontier = self.start
        super.init(setup)
    }

    override func setState(_ piece: UInt32, _ state: UInt32) {
        if state == SWARM_PIECE_HAVE, self.table.state(of: piece) != state { self.meter.add() }
        super.setState(piece, state)
        if Int(piece) >= self.start, Int(piece) < self.frontier, self.table.isMissing(piece) {
            self.frontier = Int(piece)
        }
    }

    override func setPriority(_ piece: UInt32, _ priority: UInt32) {
        super.setPriority(piece, priority)
        self.frontier = min(self.frontier, max(Int(piece), self.start))
    }

    override func pick(for peer: PeerView, into pieces: UnsafeMutableBufferPointer<UInt32>) -> Int {
        guard !pieces.isEmpty, let priority = self.table.highestMissing else { return 0 }
        peer.pieces.prefetch(UInt32(min(self.frontier, self.table.pieceCount - 1)))
        self.meter.update(at: peer.now, rate: peer.downRate)
        self.follow(priority, at: peer.now)
        let window = self.window
        self.prefetch(window, of: peer.pieces)
        guard !window.isEmpty else { return self.rarest(for: peer, excluding: window, into: pieces) }
        let earliest = self.earliest(for: peer, in: window)
        if let piece = self.pressing(for: peer, in: window.lowerBound..<earliest) {
            pieces[0] = piece
            return 1
        }
        let found = self.urgent(for: peer, in: earliest..<window.upperBound, into: pieces)
        if found > 0 {
            self.prefetch(pieces[0])
            return found
        }
        let beyond = self.rarest(for: peer, excluding: window, into: pieces)
        guard beyond == 0 else { return beyond }
        // Better late than idle, and better what is played later.
        let late = self.urgent(for: peer, in: (window.lowerBound + earliest) / 2..<earliest, into: pieces)
        return late > 0 ? late : self.rarest(for: peer, excluding: 0..<0, into: pieces)
    }

    /// Asks for what a peer has of the window beyond its first pieces: where it has none of those, the waits for the others
    /// run side by side.
    private func prefetch(_ window: Range<Int>, of has: PieceWords) {
        var piece = window.lowerBound + Self.piecesPerLine
        for _ in 0..<Self.lookahead where piece < window.upperBound {
            has.prefetch(UInt32(piece))
            piece += Self.piecesPerLine
        }
    }

    private var playedPerSecond: Double { self.rate > 0 ? self.rate : self.meter.piecesPerSecond / 2 }

    /// The pieces that have a deadline and may be missing.
    private var window: Range<Int> {
        let length = min(max(Int(self.seconds * self.playedPerSecond) + 1, Self.fewest), Self.most)
        let end = min(Int(self.playhead.position ?? 0) + length, self.table.pieceCount)
        return self.frontier..<max(self.frontier, end)
    }

    /// Goes on to the first missing piece of what is played.
    private func follow(_ priority: Int, at now: Int64) {
        if priority != self.played {
            self.played = priority
            self.frontier = self.start
            self.playhead = Playhead()
        }
        while self.frontier < self.table.pieceCount {
            let piece = UInt32(self.frontier)
            if self.table.isMissing(piece), self.table.priority(of: piece) == priority { break }
            self.frontier += 1
        }
        self.playhead.advance(to: now, frontier: self.frontier, piecesPerSecond: self.playedPerSecond)
    }

    /// The first piece of the window that a peer can bring in time: it needs the time of one piece, and as much again for
    /// what it was asked before. One about as fast as others is not held back: nobody would be sooner.
    private func earliest(for peer: PeerView, in window: Range<Int>) -> Int {
        let usual = self.meter.peerRate
        let speed = peer.downRate > 0 ? Double(peer.downRate) : usual / 4
        guard speed * 2 < usual, let position = self.playhead.position else { return window.lowerBound }
        let needed = 2 * self.playedPerSecond * self.pieceLength / speed
        return min(max(Int(position + min(needed, Double(Self.most))) + 1, window.lowerBound), window.upperBound)
    }

    private func urgent(
        for peer: PeerView, in range: Range<Int>, into pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        var found = 0
        var from = range.lowerBound
        while found < pieces.count,
            let piece = self.table.firstWanted(of: self.played, had: peer.pieces, from: from, below: range.upperBound)
        {
            pieces[found] = piece
            found += 1
            from = Int(piece) + 1
        }
        return found
    }

    /// What a slow peer is asked for all the same: a piece that nobody else has, or one that playback has waited for so
    /// long that a faster peer would have taken it.
    private func pressing(for peer: PeerView, in range: Range<Int>) -> UInt32? {
        guard
            let piece = self.table.firstWanted(
                of: self.played, had: peer.pieces, from: range.lowerBound, below: range.upperBound)
        else { return nil }
        if self.holders.connectedCount(of: piece) <= 1 { return piece }
        guard Int(piece) == self.frontier, let since = self.playhead.waitingSince else { return nil }
        let patience = self.pieceLength / max(self.meter.peerRate, 1)
        return IntakeMeter.seconds(since, peer.now) > patience ? piece : nil
    }
}
