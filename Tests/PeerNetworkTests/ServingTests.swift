// SPDX-License-Identifier: Apache-2.0

import Foundation
import PeerNetwork
import PeerWire
import PieceStore
import SwarmModel
import Testing

/// Torrents that serve what they are still downloading.
@Suite(.timeLimit(.minutes(15)))
struct ServingTests {
    @Test func `a piece is never served as it was before it came`() async throws {
        let swarm = try LoopbackSwarm(length: 20 * 16_384, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let source = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await source.shakeHands()
        let sink = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await sink.shakeHands(id: FakePeer.smallestID)
        try await sink.send { MessageWriter.interested(into: &$0) }
        await sink.hear { $0 == .message(.unchoke) }
        // Piece by piece in order: whoever reads ahead finds what is not there yet.
        try await source.send { MessageWriter.unchoke(into: &$0) }
        for index in 0..<swarm.geometry.pieceCount {
            let piece = PieceIndex(index)
            try await source.send { MessageWriter.have(piece, into: &$0) }
            let block = try #require(await source.hearRequest())
            try await source.send(block, swarm.bytes(of: block))
            await sink.hear { $0 == .message(.have(piece)) }
            // Twice, because whoever finds a piece in the cache may read the next one ahead.
            for _ in 0..<2 {
                try await sink.send { MessageWriter.request(block, into: &$0) }
                #expect(await sink.hear() == .block(block, swarm.bytes(of: block)))
            }
        }
        try await swarm.stop(leecher)
    }

    @Test(arguments: 1...4) func `leechers that have a third each complete each other`(_ seed: UInt64) async throws {
        let swarm = try LoopbackSwarm(length: 4_000_000, pieceLength: 32_768, seed: seed)
        var leechers: [LoopbackSwarm.Peer] = []
        for part in 0..<3 {
            var have = Bitfield(count: swarm.geometry.pieceCount)
            for piece in 0..<have.count where piece % 3 == part { have.insert(PieceIndex(piece)) }
            leechers.append(try await swarm.start("leecher-\(part)", has: false, have: have))
            try swarm.writePieces(have, in: leechers[part].folder)
        }
        leechers[0].handle.add(candidates: [leechers[1].endpoint, leechers[2].endpoint])
        leechers[1].handle.add(candidates: [leechers[2].endpoint])
        for leecher in leechers {
            await leecher.observer.wait { $0.isCompleted }
            #expect(leecher.observer.state.hashFailures.isEmpty)
            #expect(try swarm.payload(of: leecher) == swarm.content)
        }
        try await swarm.stop(leechers[0], leechers[1], leechers[2])
    }

    @Test func `a torrent whose pieces do not end does not starve another`() async throws {
        let stuck = try LoopbackSwarm(length: 8 * 65_536, pieceLength: 65_536)
        let lively = try LoopbackSwarm(length: 8 * 65_536, pieceLength: 65_536, seed: 2)
        var settings = PieceStore.Settings()
        settings.bufferBudget = 2 * 65_536
        let leecher = try await stuck.start("leecher", has: false, settings: settings) {
            $0.bufferMemory = 2 * 65_536
        }
        // It takes every buffer there is and gets none back.
        let silent = try await FakePeer.connect(to: leecher.endpoint, in: stuck)
        try await silent.shakeHands()
        try await silent.offerEverything()
        for _ in 0..<8 { _ = try #require(await silent.hearRequest()) }
        let folder = lively.root + "/leecher"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let storage = TorrentStorage(store: leecher.store, layout: lively.layout, hashes: lively.hashes, root: folder)
        let observer = RecordingObserver()
        let handle = try await leecher.network.start(
            lively.parameters(storage, have: Bitfield(count: lively.geometry.pieceCount), observer))
        let seed = try await lively.start("seed", has: true)
        handle.add(candidates: [seed.endpoint])
        await observer.wait { $0.isCompleted }
        #expect(leecher.handle.status.havePieces == 0)
        _ = try await leecher.network.stop(handle)
        try await lively.stop(seed)
        try await stuck.stop(leecher)
    }
}
