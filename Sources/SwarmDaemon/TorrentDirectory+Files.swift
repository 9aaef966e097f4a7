// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Metainfo
import NIOCore
import PeerNetwork
import PieceStore
import StateStore
import SwarmModel

/// Which files are fetched, and which first.
extension TorrentDirectory {
    /// Chooses files of a torrent, at once and over restarts. Nothing that was fetched is lost.
    func prioritise(_ params: TorrentPriority.Params) async throws -> TorrentFiles.Result {
        let entry = try self.entry(params.id)
        let choices = try FileChoices(params.files)
        guard entry.outline.isKnown else {
            entry.record.choices = try choices.stored(behind: entry.record.choices)
            await self.save(entry, .choices(entry.record.choices))
            return TorrentFiles.Result(files: [])
        }
        let metainfo = try await self.metainfo(of: entry)
        var priorities = Self.priorities(entry.record, of: metainfo)
        try choices.apply(to: &priorities, metainfo.files)
        entry.record.priorities = priorities.areNormal ? nil : priorities.text
        await self.save(entry, .priorities(entry.record.priorities))
        try await self.follow(priorities, entry)
        return try await self.files(params.id)
    }

    /// What a record says of the files of its torrent.
    static func priorities(_ record: TorrentRecord, of metainfo: Metainfo) -> FilePriorities {
        record.priorities.flatMap { FilePriorities(text: $0, count: metainfo.files.count) }
            ?? FilePriorities(count: metainfo.files.count)
    }

    /// What a link (BEP 53) and earlier choices say of files that have just become known; nil when all are normal.
    static func priorities(
        _ link: MagnetLink?, _ choices: String?, of metainfo: Metainfo
    ) throws(ControlError) -> FilePriorities? {
        var priorities = FilePriorities(count: metainfo.files.count)
        let selected = (link?.selectedFiles ?? []).filter { metainfo.files.indices.contains($0) }
        if !selected.isEmpty {
            for index in metainfo.files.indices where !metainfo.files[index].isPadding { priorities[index] = .skip }
            for index in selected { priorities[index] = .normal }
        }
        try FileChoices(stored: choices).apply(to: &priorities, metainfo.files, lenient: true)
        return priorities.areNormal ? nil : priorities
    }

    private func follow(_ priorities: FilePriorities, _ entry: TorrentEntry) async throws {
        let storage = try await self.storage(of: entry)
        self.select(priorities, of: entry, storage)
        guard let handle = entry.handle, !handle.isAwaitingMetadata else { return }
        try await storage.prepare(on: self.services.group.any())
        handle.prioritise(entry.selection?.pieces ?? [])
    }

    /// Has a torrent's files made or not as they matter.
    func select(_ priorities: FilePriorities, of entry: TorrentEntry, _ storage: TorrentStorage) {
        entry.isReportedComplete = false
        entry.selection = priorities.areNormal ? nil : TorrentSelection(priorities, of: storage.layout)
        storage.select(entry.selection?.files)
    }

    /// Reads what matters of torrents that are not brought up, so that lists can tell how far they are.
    func readSelections() async {
        for entry in self.entries.values
        where entry.record.priorities != nil && entry.selection == nil && entry.outline.isKnown {
            _ = try? await self.storage(of: entry)
        }
    }
}
