// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Metainfo
import PieceStore
import SwarmModel
import Testing

@testable import SwarmDaemon

/// Hybrids whose v1 and v2 hashes are of different bytes (BEP 52).
@Suite(.timeLimit(.minutes(15))) struct ContradictionTests {
    /// The .torrent of something on disk, one bit of its first SHA-1 wrong.
    private static func torrent(of path: String, _ daemon: DaemonFixture) async throws -> [UInt8] {
        var options = TorrentCreator.Options()
        options.kind = .hybrid
        let made = try await TorrentCreator.create(
            path: path, options: options, store: daemon.methods.services.store)
        var bytes = made.metainfo
        let key = Array("6:pieces".utf8)
        let place = try #require(
            bytes.indices.first { $0 + key.count < bytes.count && Array(bytes[$0..<$0 + key.count]) == key })
        let colon = try #require(bytes[(place + key.count)...].firstIndex(of: UInt8(ascii: ":")))
        bytes[colon + 1] ^= 1
        return bytes
    }

    @Test func `a hybrid that contradicts itself is suspended, and says why, however often it is resumed`() async throws
    {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("album")
            let bytes = try await Self.torrent(of: path, daemon)
            let metainfo = try Metainfo(parsing: bytes)
            #expect(metainfo.isHybrid && metainfo.hasAllPieceLayers)
            let added = try await daemon.add(.metainfo(Base64Bytes(bytes)), dir: daemon.folder + "/data")
            for _ in 0..<2 {
                let torrent = try await daemon.summary(added.infoHash)
                #expect(torrent.state == .suspended)
                #expect(torrent.error?.contains("contradicts itself: the v1 and the v2 hash of piece 0") == true)
                // All but that piece is right.
                #expect(torrent.progress > 0 && torrent.progress < 1)
                _ = try await daemon.directory.resume(TorrentSelector("\(added.infoHash)"))
            }
        }
    }
}
