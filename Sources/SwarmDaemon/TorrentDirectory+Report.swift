// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Metainfo
import PeerNetwork
import PieceStore
import StateStore
import SwarmConfig
import SwarmModel

extension TorrentDirectory {
    /// A torrent as lists name it.
    func reference(to entry: TorrentEntry) -> TorrentReference {
        TorrentReference(infoHash: entry.infoHash, name: entry.outline.name, state: self.state(of: entry))
    }

    /// What a torrent is doing, in the control protocol's words.
    func state(of entry: TorrentEntry) -> TorrentState { self.state(of: entry, entry.handle?.pulse) }

    private func state(of entry: TorrentEntry, _ pulse: TorrentPulse?) -> TorrentState {
        // Its files may take a while yet.
        if entry.record.isPaused, entry.verifications == 0 { return .paused }
        switch entry.life {
        case .asleep, .queued: return .queued
        case .checking: return entry.outline.isKnown ? .checking : .metadata
        case .paused: return .paused
        case .suspended: return .suspended
        case .active:
            guard let pulse else { return .checking }
            switch pulse.phase {
            // With the metadata here its files are looked at.
            case .metadata: return entry.outline.isKnown ? .checking : .metadata
            case .downloading: return .downloading
            // About to be moved to where it is to be.
            case .seeding: return entry.record.moveTo != nil && entry.moveProblem == nil ? .checking : .seeding
            case .suspended: return .suspended
            // On its way down: for good, or to be checked.
            case .stopped: return entry.record.isPaused ? .paused : .checking
            }
        }
    }

    /// One line of a list.
    func summary(of entry: TorrentEntry) -> TorrentSummary {
        let status = entry.handle?.status
        let (wanted, left) = self.wanted(of: entry)
        let totals = entry.totals
        let state = self.state(of: entry)
        let (rate, upRate) = status.map { state.shownRates($0.peers, $0.downloadRate, $0.uploadRate) } ?? (0, 0)
        return TorrentSummary(
            infoHash: entry.infoHash, name: entry.outline.name, state: state,
            progress: Self.progress(of: entry, wanted, left: left),
            size: Int(clamping: wanted), downloaded: Int(clamping: totals.downloaded),
            uploaded: Int(clamping: totals.uploaded), downRate: Int(rate), upRate: Int(upRate),
            peers: status?.peers ?? 0, seeds: status?.seeds ?? 0,
            eta: left > 0 && rate >= 1 ? Int(Double(left) / rate) : nil, error: self.problem(of: entry),
            queuePosition: self.queuePosition(of: entry), labels: entry.record.labels)
    }

    /// How much is there; while it is hashed, how much has been looked at.
    private static func progress(of entry: TorrentEntry, _ wanted: UInt64, left: UInt64) -> Double {
        if case .checking(let progress) = entry.life, progress.total > 0 {
            return Double(progress.done) / Double(progress.total)
        }
        if !entry.outline.isKnown {
            let metadata = entry.handle?.status.metadata ?? (done: 0, total: 0)
            return metadata.total == 0 ? 0 : Double(metadata.done) / Double(metadata.total)
        }
        return wanted == 0 ? 1 : Double(wanted - min(left, wanted)) / Double(wanted)
    }

    /// Bytes of the pieces that are wanted, and of those of them that are missing.
    private func wanted(of entry: TorrentEntry) -> (total: UInt64, left: UInt64) {
        if let status = entry.handle?.status, status.phase != .metadata, status.phase != .stopped {
            return (status.wantedBytes, status.missingBytes)
        }
        let geometry = entry.outline.geometry
        guard let selection = entry.selection else {
            return (geometry.totalLength, geometry.totalLength - geometry.bytes(of: entry.have))
        }
        return (selection.wantedBytes, selection.missingBytes(entry.have, geometry))
    }

    /// Why a torrent does not go on; nil when it does.
    func problem(of entry: TorrentEntry) -> String? {
        switch entry.life {
        case .suspended(let reason): reason
        case .active: entry.handle?.status.problem
        case .asleep, .checking, .queued, .paused: nil
        }
    }

    /// What a torrent that is to be checked waits for.
    private func checkReason(of entry: TorrentEntry) -> String? {
        guard case .checking(let progress) = entry.life, progress.isWaiting else { return nil }
        let (going, waiting) = self.checkCounts
        return "it waits for its turn to be checked: \(going) torrents are being checked, \(waiting) wait"
    }

    /// Torrents that are looked at or hashed, and that wait for either.
    private var checkCounts: (going: Int, waiting: Int) {
        let (looks, hashings) = (self.bringUps.counts, self.hashings.counts)
        return (looks.going + hashings.going, looks.waiting + hashings.waiting)
    }

    /// What a torrent without metadata waits for.
    private func metadataReason(of entry: TorrentEntry) -> String? {
        guard self.state(of: entry) == .metadata else { return nil }
        let peers = entry.handle?.status.peers ?? 0
        guard entry.withoutLayers == nil else {
            return "it has no hashes of its pieces yet: peers must give them, and \(peers) are connected"
        }
        return peers == 0
            ? "it has no list of its files yet: peers must give it, and none is connected"
            : "it has no list of its files yet: \(peers) connected peers are asked for it"
    }

    /// Everything about one torrent.
    func detail(of entry: TorrentEntry) async throws -> TorrentDetail {
        let metainfo = entry.outline.isKnown ? try await self.metainfo(of: entry) : nil
        let status = entry.handle?.status
        var detail = TorrentDetail(summary: self.summary(of: entry))
        detail.dir = entry.record.folder
        detail.pieceLength = Int(entry.outline.geometry.pieceLength)
        detail.pieceCount = entry.outline.geometry.pieceCount
        detail.fileCount = entry.outline.fileCount
        detail.have = status?.havePieces ?? entry.have.setCount
        detail.left = Int(clamping: self.wanted(of: entry).left)
        detail.isPrivate = metainfo?.isPrivate ?? false
        detail.kind = metainfo.map { $0.isHybrid ? .hybrid : $0.isV2 ? .v2 : .v1 }
        detail.infoHashV2 = (metainfo.map(\.infoHashV2) ?? entry.link?.infoHashV2)?.description
        detail.added = Int(entry.record.added)
        detail.completed = detail.left == 0 ? entry.record.completed.map { Int($0) } : nil
        let choice = self.choice(for: entry)
        detail.picker = choice.picker.name
        detail.choker = choice.choker.name
        detail.downLimit = entry.record.caps.download
        detail.upLimit = entry.record.caps.upload
        detail.trackers = try await self.trackers(of: entry)
        detail.ratio = Self.ratio(of: entry)
        let limits = self.seedLimits(of: entry)
        detail.seedRatio = limits.ratio ?? 0
        detail.seedTime = Int(limits.time ?? 0)
        detail.seedIdle = Int(limits.idle ?? 0)
        detail.seedingEnded = entry.record.isPaused ? entry.record.seedingEnded : nil
        detail.compression = TorrentCompression(self.compression(of: entry), status?.compression)
        detail.availability = status.flatMap { $0.peers > 0 ? $0.availability : nil }
        detail.wasted = Int(clamping: status?.wasted ?? 0)
        detail.hashFailures = status?.hashFailures ?? 0
        detail.connected = status?.peers ?? 0
        detail.knownPeers = status?.candidates ?? 0
        detail.magnet = metainfo.map { MagnetLink($0).description } ?? entry.record.magnet ?? ""
        detail.comment = metainfo?.comment
        detail.createdBy = metainfo?.createdBy
        detail.reason =
            self.problem(of: entry) ?? self.queueReason(of: entry) ?? self.moveReason(of: entry)
            ?? self.checkReason(of: entry) ?? self.metadataReason(of: entry)
        detail.moveTo = entry.record.moveTo
        detail.superSeeding = entry.record.superSeeds
        detail.webSeeds =
            status?.webSeeds.map { ControlWire.WebSeedStatus($0) }
            ?? entry.webSeeds.map { ControlWire.WebSeedStatus(url: $0, state: .idle) }
        detail.isOriginal = entry.record.isOriginal
        return detail
    }

    /// Bytes sent for each byte received, or for each byte that is there when that is more.
    static func ratio(of entry: TorrentEntry) -> Double {
        let totals = entry.totals
        let there = entry.handle?.status.haveBytes ?? entry.outline.geometry.bytes(of: entry.have)
        return Double(totals.uploaded) / Double(max(totals.downloaded, there, 1))
    }

    /// How many torrents are in each state, and their rates and totals together.
    func figures() -> DirectoryFigures {
        var figures = DirectoryFigures()
        for entry in self.entries.values {
            let pulse = entry.handle?.pulse
            if case .asleep = entry.life { figures.loading += 1 }
            figures.add(
                self.state(of: entry, pulse), pulse, downloaded: entry.record.downloaded,
                uploaded: entry.record.uploaded)
        }
        figures.loading += self.unread.count
        return figures
    }
}

extension TorrentGeometry {
    /// Bytes of the pieces that are set.
    func bytes(of pieces: Bitfield) -> UInt64 {
        guard self.pieceCount > 0 else { return 0 }
        let last = PieceIndex(self.pieceCount - 1)
        let whole = UInt64(pieces.setCount) * UInt64(self.pieceLength)
        return pieces[last] ? whole - UInt64(self.pieceLength - self.length(of: last)) : whole
    }
}
