// SPDX-License-Identifier: Apache-2.0

import ControlWire
import PeerNetwork

/// All torrents added up.
struct DirectoryFigures: Sendable {
    private(set) var counts = TorrentCounts()
    private(set) var peers = 0
    private(set) var downRate = 0
    private(set) var upRate = 0
    private(set) var downloaded = 0
    private(set) var uploaded = 0
    /// Torrents that have not been brought up since the start.
    var loading = 0

    /// Adds a torrent; `downloaded` and `uploaded` are what it moved before it was brought up.
    mutating func add(_ state: TorrentState, _ pulse: TorrentPulse?, downloaded: UInt64, uploaded: UInt64) {
        self.counts.total += 1
        switch state {
        case .checking: self.counts.checking += 1
        case .metadata: self.counts.metadata += 1
        case .downloading: self.counts.downloading += 1
        case .seeding: self.counts.seeding += 1
        case .paused: self.counts.paused += 1
        case .queued: self.counts.queued += 1
        case .suspended: self.counts.suspended += 1
        }
        self.downloaded += Int(clamping: downloaded + (pulse?.downloaded ?? 0))
        self.uploaded += Int(clamping: uploaded + (pulse?.uploaded ?? 0))
        guard let pulse, pulse.peers > 0 else { return }
        let rates = state.shownRates(pulse.peers, pulse.downloadRate, pulse.uploadRate)
        self.peers += pulse.peers
        self.downRate += Int(rates.down)
        self.upRate += Int(rates.up)
    }
}
