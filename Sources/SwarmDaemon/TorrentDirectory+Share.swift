// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
import Logging
import Metainfo
import PieceStore
import StateStore
import SwarmModel

extension TorrentDirectory {
    /// Seeds what has just been hashed where it lies, in `options.folder`. Returns when it takes part. A torrent that is
    /// here already is completed by it, and announced to the trackers that are new to it.
    func share(_ bytes: [UInt8], _ options: Options) async throws -> TorrentReference {
        let metainfo = try Metainfo(parsing: bytes)
        if let present = self.entry(with: metainfo.infoHashes) {
            if !present.outline.isKnown { await self.supply(metainfo, bytes, to: present) }
            try await self.adopt(metainfo, as: present, options)
        } else {
            _ = try await self.add(bytes, options)
        }
        guard let entry = self.entry(with: metainfo.infoHashes) else {
            throw ControlError(.cancelled, "\(metainfo.name) has been removed")
        }
        await entry.lastOperation?.value
        if let problem = self.problem(of: entry) {
            throw ControlError(.storage, "\(metainfo.name) cannot be seeded: \(problem)")
        }
        return self.reference(to: entry)
    }

    private func adopt(_ metainfo: Metainfo, as entry: TorrentEntry, _ options: Options) async throws {
        guard Self.isSameFolder(entry.record.folder, options.folder.path) else {
            throw ControlError(
                .exists,
                "\(metainfo.name) (\(metainfo.infoHash)) is here already, \(self.state(of: entry).rawValue), in "
                    + "\(entry.record.folder); to share it from \(options.folder.path) instead, remove it first")
        }
        let known = Set(entry.trackerTiers(of: try await self.metainfo(of: entry)).joined())
        let fresh = metainfo.trackerTiers.map { $0.filter { !known.contains($0) } }.filter { !$0.isEmpty }
        entry.record.isOriginal = true
        entry.record.isPaused = false
        entry.record.trackers += fresh
        try await self.services.state.update(
            entry.infoHash, .original(true), .paused(false), .trackers(entry.record.trackers))
        guard !fresh.isEmpty || self.state(of: entry) != .seeding else { return }
        entry.hashing?.task.cancel()
        self.enqueue(entry) { directory, entry in await directory.restart(entry, having: options.have) }
    }

    private func restart(_ entry: TorrentEntry, having pieces: Bitfield?) async {
        await self.takeDown(entry)
        if let pieces { self.note(pieces, of: entry) }
        await self.writeProgress(of: [entry])
        entry.life = .checking(JobProgress())
        await self.bringUp(entry)
    }

    /// Whether two paths lead to the same folder, by links or otherwise.
    private static func isSameFolder(_ one: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return one == other }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
