// SPDX-License-Identifier: Apache-2.0

import ControlWire

/// All torrents added up.
struct DirectoryFigures: Sendable {
    private(set) var counts = TorrentCounts()
    private(set) var peers = 0
    private(set) var downRate = 0
    private(set) var upRate = 0
    private(set) var downloaded = 0
    private(set) var uploaded = 0

    mutating func add(_ torrent: TorrentSummary) {
        self.counts.total += 1
        switch torrent.state {
        case .checking: self.counts.checking += 1
        case .metadata: self.counts.metadata += 1
        case .downloading: self.counts.downloading += 1
        case .seeding: self.counts.seeding += 1
        case .paused: self.counts.paused += 1
        case .queued: self.counts.queued += 1
        case .suspended: self.counts.suspended += 1
        }
        self.peers += torrent.peers
        self.downRate += torrent.downRate
        self.upRate += torrent.upRate
        self.downloaded += torrent.downloaded
        self.uploaded += torrent.uploaded
    }
}
