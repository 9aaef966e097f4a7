// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Metainfo
import PeerNetwork
import PieceStore
import StateStore
import SwarmModel

/// The same operations by the names that people use.
extension TorrentDirectory {
    func reference(_ id: TorrentSelector) throws(ControlError) -> TorrentReference {
        self.reference(to: try self.entry(id))
    }

    func pause(_ id: TorrentSelector) async throws(ControlError) -> TorrentReference {
        let entry = try self.entry(id)
        await self.pause(entry)
        return self.reference(to: entry)
    }

    func resume(_ id: TorrentSelector) async throws(ControlError) -> TorrentReference {
        let entry = try self.entry(id)
        await self.resume(entry)
        return self.reference(to: entry)
    }

    func remove(_ id: TorrentSelector, deleteData: Bool) async throws -> TorrentReference {
        let entry = try self.entry(id)
        let reference = self.reference(to: entry)
        try await self.remove(entry, deleteData: deleteData)
        return reference
    }

    func verify(_ infoHash: InfoHash, progress: JobProgress) async throws -> TorrentReference {
        let entry = try self.entry(TorrentSelector("\(infoHash)"))
        guard entry.outline.isKnown else { throw self.lacksMetadata(entry) }
        try await self.verify(entry, progress: progress)
        return self.reference(to: entry)
    }

    func announce(_ id: TorrentSelector) async throws(ControlError) -> TorrentReference {
        let entry = try self.entry(id)
        guard entry.handle != nil else {
            throw ControlError(.refused, "\(entry.outline.name) is \(self.state(of: entry).rawValue); resume it first")
        }
        var search: Interval?
        for name in self.names(of: entry) {
            let wait = await self.services.hashTable?.searchNow(name)
            search = search ?? wait
        }
        guard await self.services.announcer.announceNow(entry.infoHash) != nil || search != nil else {
            throw ControlError(.refused, "\(entry.outline.name) has no tracker that can be asked")
        }
        return self.reference(to: entry)
    }

    func detail(_ id: TorrentSelector) async throws -> TorrentDetail {
        try await self.detail(of: try self.entry(id))
    }

    func trackers(_ id: TorrentSelector) async throws -> TorrentTrackers.Result {
        TorrentTrackers.Result(trackers: try await self.trackers(of: try self.entry(id)))
    }

    func metainfoFile(_ id: TorrentSelector) async throws -> TorrentMetainfo.Result {
        let entry = try self.entry(id)
        guard let bytes = try await self.services.state.metainfo(of: entry.infoHash) else {
            guard entry.outline.isKnown else { throw self.lacksMetadata(entry) }
            throw ControlError(.notFound, "the state has no metainfo of \(entry.outline.name)")
        }
        return TorrentMetainfo.Result(
            infoHash: entry.infoHash, name: entry.outline.name, metainfo: Base64Bytes(bytes),
            magnet: MagnetLink(try Metainfo(parsing: bytes)).description)
    }

    func files(_ id: TorrentSelector) async throws -> TorrentFiles.Result {
        let entry = try self.entry(id)
        guard entry.outline.isKnown else { return TorrentFiles.Result(files: []) }
        let metainfo = try await self.metainfo(of: entry)
        let have = try await entry.handle?.have() ?? entry.have
        let priorities = Self.priorities(entry.record, of: metainfo)
        let shown = metainfo.files.indices.filter { !metainfo.files[$0].isPadding }
        let files = shown.enumerated().map { index, place in
            let file = metainfo.files[place]
            let level = priorities[place]
            return FileStatus(
                index: index, path: file.path.joined(separator: "/"), size: Int(clamping: file.length),
                done: Int(clamping: metainfo.geometry.bytes(of: file, in: have)),
                priority: level == .skip ? 0 : level == .high ? 2 : 1, level: level.rawValue)
        }
        return TorrentFiles.Result(files: files)
    }

    /// What cannot be done with a torrent before its metadata are here.
    func lacksMetadata(_ entry: TorrentEntry) -> ControlError {
        ControlError(
            .refused, "\(entry.outline.name) has no list of its files yet; wait until its peers have given the metadata"
        )
    }

    func peers(_ id: TorrentSelector) async throws -> TorrentPeers.Result {
        guard let handle = try self.entry(id).handle else { return TorrentPeers.Result(peers: []) }
        let peers = try await handle.peers().map { ControlWire.PeerStatus($0) }
        return TorrentPeers.Result(peers: peers + handle.status.webSeeds.compactMap { ControlWire.PeerStatus($0) })
    }

    func pieces(_ id: TorrentSelector) async throws -> TorrentPieces.Result {
        let entry = try self.entry(id)
        let geometry = entry.outline.geometry
        let map = try await entry.handle?.pieceMap()
        return TorrentPieces.Result(
            pieceCount: geometry.pieceCount, pieceLength: Int(geometry.pieceLength),
            have: Base64Bytes((map?.have ?? entry.have).wire), inFlight: map?.inFlight.map(\.offset) ?? [],
            availability: Base64Bytes(map?.holders ?? []))
    }

    func trackers(of entry: TorrentEntry) async throws -> [TrackerStatus] {
        if let reports = await self.services.announcer.status(entry.infoHash) {
            let search = await self.searchReport(of: entry)
            return reports.map { TrackerStatus($0) } + [search].compactMap { $0.map(TrackerStatus.init) }
        }
        let tiers =
            entry.outline.isKnown
            ? entry.trackerTiers(of: try await self.metainfo(of: entry)) : entry.record.trackers + entry.namedTrackers
        return tiers.enumerated().flatMap { tier, urls in urls.map { TrackerStatus(url: $0, tier: tier, state: .idle) }
        }
    }
}

extension TorrentGeometry {
    /// Bytes of `file` that lie in pieces that are set.
    fileprivate func bytes(of file: FileEntry, in have: Bitfield) -> UInt64 {
        guard file.length > 0 else { return 0 }
        let end = file.offset + file.length
        var bytes: UInt64 = 0
        for number in file.offset / UInt64(self.pieceLength)...(end - 1) / UInt64(self.pieceLength) {
            let piece = PieceIndex(UInt32(number))
            guard have[piece] else { continue }
            let start = self.offset(of: piece)
            bytes += min(end, start + UInt64(self.length(of: piece))) - max(file.offset, start)
        }
        return bytes
    }
}
