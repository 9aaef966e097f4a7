// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmModel

/// Values with every field filled.
enum Samples {
    static let hash = InfoHash(hex: "0123456789abcdef0123456789abcdef01234567")!
    static let otherHash = InfoHash(hex: "0123ffffffffffffffffffffffffffffffffffff")!

    static let summary = TorrentSummary(
        infoHash: hash, name: "a \"quoted\" näme\u{1F4E6}", state: .downloading, progress: 0.25, size: 1 << 40,
        downloaded: 7, uploaded: 8, downRate: 9, upRate: 10, peers: 11, seeds: 12, eta: 13, error: "disk full",
        queuePosition: 14, labels: ["a \"b\"", "c"])

    static let tracker = TrackerStatus(
        url: "http://t/announce", tier: 1, state: .failing, message: "no", seeds: 1, peers: 2, received: 3,
        lastAnnounce: 4, nextAnnounce: 5, failures: 6)

    static var detail: TorrentDetail {
        var detail = TorrentDetail(summary: summary)
        detail.dir = "/srv"
        detail.pieceLength = 1 << 20
        detail.pieceCount = 5
        detail.fileCount = 2
        detail.have = 1
        detail.left = 99
        detail.isPrivate = true
        detail.kind = .hybrid
        detail.infoHashV2 = "ab"
        detail.added = 1
        detail.completed = 2
        detail.picker = "rarest-first"
        detail.choker = "tit-for-tat"
        detail.trackers = [tracker]
        detail.ratio = 1.5
        detail.compression.sent = 10
        detail.compression.ratio = 0.5
        detail.availability = 2.25
        detail.wasted = 3
        detail.hashFailures = 4
        detail.knownPeers = 5
        detail.magnet = "magnet:?xt=urn:btih:x"
        detail.comment = "c"
        detail.createdBy = "s"
        detail.reason = "r"
        detail.isOriginal = true
        detail.seedRatio = 1.5
        detail.seedTime = 60
        detail.seedIdle = 61
        detail.seedingEnded = "e"
        detail.moveTo = "/m"
        detail.superSeeding = true
        detail.webSeeds = [
            WebSeedStatus(
                url: "http://w/", state: .waiting, downRate: 1, downloaded: 2, requests: 3, message: "m", retryIn: 4)
        ]
        return detail
    }

    static let reference = TorrentReference(infoHash: hash, name: "n", state: .paused)
    static let selector = SelectorParams(id: "0123")
    static let job = JobStatus(
        job: 1, kind: .share, state: .failed, done: 2, total: 3, infoHash: hash, name: "n",
        error: ControlError(.storage, "m", candidates: [ControlCandidate(infoHash: hash, name: "c")]), good: 4,
        lost: 5)

    static let event = EventStatus(
        cursor: "c-1-2", time: 3, event: "torrent-added", level: "notice", message: "a \"b\"\n\u{1}é", infoHash: hash,
        name: "n/m", details: ["b": "2", "a\"": "1"])

    static let strategies = TorrentStrategies(
        infoHash: Samples.hash, name: "n", picker: "p", choker: "c", ownPicker: true, ownChoker: false,
        compression: "auto", ownCompression: true, superSeeding: true, workingPicker: "built-in rarest",
        workingChoker: "c")
}
