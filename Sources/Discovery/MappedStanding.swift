// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// How it stands between one torrent and the piece map of its tracker.
struct MappedStanding: Sendable {
    /// A tracker that has not answered so many reports keeps no map, until it takes another announce.
    static let patience = 3
    /// And is not tried again for so long.
    static let pause = Interval.seconds(600)

    let torrent: any MappedTorrent
    /// The announce URL of a tracker that keeps a map, or may.
    var url: String?
    var reporting: PieceReporting?
    /// From where reports go.
    var source: AnnounceSource?
    var isBusy = false
    /// What the tracker counted last; empty before it has.
    var counts: [UInt32] = []
    /// What was here at the last look.
    var have: Bitfield
    /// The next pieces whose counts are asked for, and when; and when the others are.
    var nextCount = 0
    var countsDue: Instant?
    var holdersDue: Instant?
    var unsentDue: Instant?
    /// The tracker has answered a report or question.
    var isProven = false
    var failures = 0
    var pausedUntil: Instant?

    init(_ torrent: any MappedTorrent) {
        self.torrent = torrent
        self.have = Bitfield(count: torrent.pieceCount)
    }

    /// A tracker took an announce.
    mutating func announced(to url: String, at now: Instant) {
        if self.url == url {
            self.reporting?.announced(at: now)
        } else if self.pausedUntil.map({ $0 <= now }) ?? true {
            self.url = url
            self.reporting = nil
            self.isProven = false
            self.failures = 0
            self.counts = []
        }
    }

    /// The tracker did not answer.
    mutating func failed(at now: Instant) {
        self.failures += 1
        guard !self.isProven, self.failures >= Self.patience else { return }
        self.url = nil
        self.pausedUntil = now + Self.pause
    }

    /// Whether a piece has arrived that hardly anybody has.
    func hasRareNews(_ pieces: Bitfield) -> Bool {
        guard self.counts.count == pieces.count, self.have.count == pieces.count else { return false }
        var isRare = false
        pieces.forEachSet { piece in
            if !self.have[piece], self.counts[piece.offset] <= PieceMapClient.rare { isRare = true }
        }
        return isRare
    }
}
