// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Metainfo
import PieceStore
import SwarmModel
import Testing

@testable import SwarmDaemon

/// Hybrids that were added by both of their names, by links that said nothing of each other (BEP 52).
@Suite(.timeLimit(.minutes(15))) struct TwinTests {
    private static func hybrid(_ daemon: DaemonFixture) async throws -> (bytes: [UInt8], metainfo: Metainfo) {
        var options = TorrentCreator.Options()
        options.kind = .hybrid
        let made = try await TorrentCreator.create(
            path: try daemon.payload("album"), options: options, store: daemon.methods.services.store)
        return (made.metainfo, try Metainfo(parsing: made.metainfo))
    }

    /// Two torrents that are one, by its v1 and by its v2 name.
    private static func links(_ metainfo: Metainfo, _ daemon: DaemonFixture) async throws -> [TorrentSummary] {
        var torrents: [TorrentSummary] = []
        for link in [MagnetLink(v1: metainfo.infoHashV1, v2: nil), MagnetLink(v1: nil, v2: metainfo.infoHashV2)] {
            torrents.append(try await daemon.add(.magnet(try #require(link).description)))
        }
        return torrents
    }

    @Test func `the link that is still without metadata is suspended and says which torrent to keep`() async throws {
        try await DaemonFixture.run { daemon in
            let (bytes, metainfo) = try await Self.hybrid(daemon)
            let links = try await Self.links(metainfo, daemon)
            #expect(links.map(\.state) == [.metadata, .metadata] && links[0].infoHash != links[1].infoHash)
            let kept = try await daemon.add(.metainfo(Base64Bytes(bytes)))
            #expect(kept.infoHash == links[0].infoHash && kept.error == nil)
            for _ in 0..<2 {
                let spare = try await daemon.summary(links[1].infoHash)
                #expect(spare.state == .suspended)
                let reason = try #require(spare.error)
                #expect(reason.contains("same torrent as album") && reason.contains("\(kept.infoHash); keep that one"))
                #expect(reason.contains("swarmctl remove \(spare.infoHash)"))
                // Trying again does not help.
                _ = try await daemon.directory.resume(TorrentSelector("\(spare.infoHash)"))
            }
            // Once it is gone its name leads to the one that was kept.
            _ = try await daemon.directory.remove(TorrentSelector("\(links[1].infoHash)"), deleteData: false)
            #expect(try await daemon.summary(links[1].infoHash).infoHash == kept.infoHash)
        }
    }

    @Test func `metadata that come for the second link do not make a second torrent`() async throws {
        try await DaemonFixture.run { daemon in
            let (_, metainfo) = try await Self.hybrid(daemon)
            let links = try await Self.links(metainfo, daemon)
            await daemon.directory.received(metainfo.infoBytes, for: links[1].infoHash)
            await daemon.directory.received(metainfo.infoBytes, for: links[0].infoHash)
            let kept = try await daemon.summary(links[1].infoHash)
            let spare = try await daemon.summary(links[0].infoHash)
            #expect(kept.error == nil && kept.name == "album" && kept.size > 0)
            #expect(spare.state == .suspended && spare.size == 0)
            #expect(spare.error?.contains("\(kept.infoHash)") == true)
        }
    }

    @Test func `without the torrent that was kept the link goes on`() async throws {
        try await DaemonFixture.run { daemon in
            let (_, metainfo) = try await Self.hybrid(daemon)
            let links = try await Self.links(metainfo, daemon)
            await daemon.directory.received(metainfo.infoBytes, for: links[0].infoHash)
            #expect(try await daemon.summary(links[1].infoHash).state == .suspended)
            _ = try await daemon.directory.remove(TorrentSelector("\(links[0].infoHash)"), deleteData: false)
            _ = try await daemon.directory.resume(TorrentSelector("\(links[1].infoHash)"))
            #expect(try await daemon.summary(links[1].infoHash).state == .metadata)
        }
    }
}

extension TorrentDirectory {
    /// Peers gave the metadata of a link.
    fileprivate func received(_ metadata: [UInt8], for infoHash: InfoHash) async {
        guard let entry = self.entries[infoHash] else { return }
        await self.enqueue(entry) { directory, entry in await directory.take(metadata, for: entry) }.value
        await self.settle(infoHash)
        for entry in self.entries.values { await self.settle(entry.infoHash) }
    }
}
