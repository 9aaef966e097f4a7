// SPDX-License-Identifier: Apache-2.0

import StateStore

/// When a running torrent last moved anything, as far as looks at its totals tell. Times are seconds of a clock that nobody
/// sets.
struct TorrentActivity: Equatable, Sendable {
    private var uploaded: UInt64
    private var downloaded: UInt64
    /// When something was last seen to have been sent, or the first look.
    private(set) var sent: Int64
    /// When something was last seen to have moved either way, or the first look.
    private(set) var moved: Int64

    /// The first look.
    init(_ totals: TorrentTotals, now: Int64) {
        self.uploaded = totals.uploaded
        self.downloaded = totals.downloaded
        self.sent = now
        self.moved = now
    }

    /// Looks again.
    mutating func note(_ totals: TorrentTotals, now: Int64) {
        let (hasSent, hasReceived) = (totals.uploaded != self.uploaded, totals.downloaded != self.downloaded)
        if hasSent { self.sent = now }
        if hasSent || hasReceived { self.moved = now }
        self.uploaded = totals.uploaded
        self.downloaded = totals.downloaded
    }
}
