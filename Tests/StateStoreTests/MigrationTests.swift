// SPDX-License-Identifier: Apache-2.0

import StateStore
import SwarmModel
import Testing

/// A file that a release with schema 2 wrote: two torrents that were shared and one that was added paused.
@Suite struct MigrationTests {
    private let folder = ScratchFolder()

    init() {
        let tests = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        ScratchFolder.write(
            ScratchFolder.read(tests + "/Fixtures/state/schema-2.sqlite"), to: self.folder.path + "/state.sqlite")
    }

    @Test func `a state of schema 2 opens with all it holds`() async throws {
        let store = try StateStore(directory: self.folder.path)
        #expect(store.recovery == nil)
        let roster = try await store.roster()
        #expect(roster.map(\.record.name) == ["letter.txt", "album", "one"])
        #expect(roster.map(\.record.isPaused) == [false, false, true])
        #expect(roster.map(\.record.isOriginal) == [true, true, false])
        #expect(roster.allSatisfy { $0.record.shape == nil && $0.record.disk == nil && $0.pieces == nil })
        for stored in roster { #expect(try await store.metainfo(of: stored.record.infoHash)?.isEmpty == false) }
        #expect(try await store.pieces(of: roster[1].record.infoHash, count: 5)?.isFull == true)
    }

    @Test func `shapes that are added later bring the recorded pieces into the roster`() async throws {
        let geometry = try #require(TorrentGeometry(totalLength: 70_004, pieceLength: 16_384))
        do {
            let store = try StateStore(directory: self.folder.path)
            let album = try #require(try await store.roster().first { $0.record.name == "album" }).record
            try await store.setShapes([(album.infoHash, TorrentShape(geometry: geometry, fileCount: 2))])
            try await store.update(album.infoHash, .disk("/srv"))
        }
        await self.folder.waitUntilFree()
        let store = try StateStore(directory: self.folder.path)
        let album = try #require(try await store.roster().first { $0.record.name == "album" })
        #expect(album.record.shape == TorrentShape(geometry: geometry, fileCount: 2))
        #expect(album.record.disk == "/srv")
        #expect(album.pieces == Bitfield(count: 5, filled: true))
        #expect(try await store.torrent(album.record.infoHash) == album.record)
    }
}
