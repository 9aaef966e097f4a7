// SPDX-License-Identifier: Apache-2.0

import Metainfo
import PeerNetwork
import PeerSession
import PeerWire
import PieceStore
import SwarmModel
import Swarming
import Testing

/// Hashes of file trees from peers, asked for and served (BEP 52).
@Suite(.timeLimit(.minutes(15))) struct LayerTests {
    /// A magnet link's side of a v2 torrent that has its metadata already.
    private static func wait(for swarm: LoopbackSwarm) async throws -> MetadataTests.Waiting {
        let metainfo = try #require(swarm.metainfo)
        let waiting = try await MetadataTests.Waiting.start(swarm.infoHash, v2: metainfo.infoHashV2, in: swarm)
        let files = [
            LayerFetch.File(root: try #require(metainfo.files[0].piecesRoot), pieceCount: swarm.geometry.pieceCount)
        ]
        waiting.handle.fetchLayers(files, pieceLayer: metainfo.pieceLayer)
        return waiting
    }

    /// What an honest peer answers.
    private static func answer(_ range: HashRange, in swarm: LoopbackSwarm) throws -> [UInt8]? {
        let trees = try #require(swarm.metainfo.flatMap { HashTrees($0) })
        guard let demand = trees.demand(for: range) else { return nil }
        guard let piece = demand else { return trees.hashes(range) }
        let block = BlockRange(piece: piece, begin: 0, length: swarm.geometry.length(of: piece))
        return swarm.bytes(of: block).withUnsafeBytes { trees.hashes(range, of: piece, $0) }
    }

    @Test func `piece layers come from a seed, a thousand pieces and more`() async throws {
        let swarm = try LoopbackSwarm(kind: .v2, length: 1_100 * 16_384 + 5, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true)
        let waiting = try await Self.wait(for: swarm)
        waiting.handle.add(candidates: [seed.endpoint])
        let state = await waiting.observer.wait { $0.layers != nil }
        #expect(state.layers == swarm.metainfo?.pieceLayers && state.layers?.count == 1)
        try await waiting.stop()
        try await swarm.stop(seed)
    }

    @Test func `who sends wrong hashes is dropped, who refuses is left alone, and another serves`() async throws {
        let swarm = try LoopbackSwarm(kind: .v2, length: 700_000, pieceLength: 32_768)
        let waiting = try await Self.wait(for: swarm)
        for (number, lies) in [true, false].enumerated() {
            let listener = try await FakeListener.listen(at: "127.0.0.\(number + 2)", in: swarm)
            waiting.handle.add(candidates: [listener.endpoint])
            let peer = try await listener.accept()
            try await peer.shakeHands(id: FakePeer.id(filledWith: UInt8(number + 5)))
            let range = try #require(await peer.hearHashRequest())
            let truth = try Self.answer(range, in: swarm)
            var answer = try #require(truth)
            answer[40] ^= 1
            if lies {
                try await peer.send { MessageWriter.hashes(range, answer, into: &$0) }
                await peer.hearEnd()
            } else {
                try await peer.send { MessageWriter.hashReject(range, into: &$0) }
            }
            #expect(waiting.observer.state.layers == nil)
        }
        let seed = try await swarm.start("seed", has: true, listen: Self.place("127.0.0.9"))
        waiting.handle.add(candidates: [seed.endpoint])
        let state = await waiting.observer.wait { $0.layers != nil }
        #expect(state.layers == swarm.metainfo?.pieceLayers)
        try await waiting.stop()
        try await swarm.stop(seed)
    }

    @Test func `hashes that nobody asked for are not kept, and end the connection in the end`() async throws {
        let swarm = try LoopbackSwarm(kind: .v2, length: 700_000, pieceLength: 32_768)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await peer.shakeHands()
        let range = HashRange(
            root: [UInt8](repeating: 1, count: 32), layer: 1, index: 0, count: 512, proofLayers: 9)
        let hashes = [UInt8](repeating: 2, count: range.byteCount)
        for _ in 0..<20 { try await peer.send { MessageWriter.hashes(range, hashes, into: &$0) } }
        await peer.hearEnd()
        try await swarm.stop(leecher)
    }

    @Test func `a seed answers for pieces and for blocks, and refuses what it cannot`() async throws {
        let swarm = try LoopbackSwarm(kind: .v2, length: 700_000, pieceLength: 65_536)
        let root = try #require(swarm.metainfo?.files[0].piecesRoot)
        var have = Bitfield(count: swarm.geometry.pieceCount, filled: true)
        have.remove(PieceIndex(2))
        let seed = try await swarm.start("seed", has: true, have: have)
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.shakeHands()
        func range(_ layer: UInt32, _ index: UInt32, _ count: UInt32, _ proof: UInt32) -> HashRange {
            HashRange(root: root, layer: layer, index: index, count: count, proofLayers: proof)
        }
        // Four blocks a piece, eleven pieces: leaves, pieces at layer 2, the root at layer 6.
        let good = [range(2, 0, 16, 3), range(2, 8, 4, 3), range(0, 4, 4, 0), range(0, 40, 4, 5), range(0, 0, 2, 5)]
        for range in good {
            try await peer.send { MessageWriter.hashRequest(range, into: &$0) }
            let heard = await peer.hear { $0 == .message(.hashes) || $0 == .message(.hashReject) }
            #expect(heard == .message(.hashes))
            #expect(peer.heardRange == range)
            let expected = try Self.answer(range, in: swarm)
            #expect(Array(peer.body.dropFirst(HashRange.encodedLength)) == expected)
        }
        let bad = [
            range(0, 8, 4, 0), range(1, 0, 4, 0), range(0, 0, 8, 0), range(2, 0, 3, 0), range(2, 0, 16, 4),
            range(9, 0, 2, 0),
            range(0, 44, 4, 0),
            HashRange(root: [UInt8](repeating: 1, count: 32), layer: 2, index: 0, count: 2, proofLayers: 0),
        ]
        for range in bad {
            try await peer.send { MessageWriter.hashRequest(range, into: &$0) }
            let heard = await peer.hear { $0 == .message(.hashes) || $0 == .message(.hashReject) }
            #expect(heard == .message(.hashReject))
            #expect(peer.heardRange == range)
        }
        peer.close()
        try await swarm.stop(seed)
    }

    @Test func `who asks for hashes for ever is refused in the end`() async throws {
        let swarm = try LoopbackSwarm(kind: .v2, length: 700_000, pieceLength: 65_536)
        let root = try #require(swarm.metainfo?.files[0].piecesRoot)
        let seed = try await swarm.start("seed", has: true)
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.shakeHands()
        let range = HashRange(root: root, layer: 0, index: 0, count: 4, proofLayers: 5)
        var served = 0
        while true {
            try await peer.send { MessageWriter.hashRequest(range, into: &$0) }
            let heard = await peer.hear { $0 == .message(.hashes) || $0 == .message(.hashReject) }
            guard heard == .message(.hashes) else { break }
            served += 1
        }
        #expect(served > 100 && served < 100_000)
        peer.close()
        try await swarm.stop(seed)
    }

    @Test(arguments: [true, false])
    func `a hybrid is found by both names, and whoever can speaks v2`(speaksV2: Bool) async throws {
        let swarm = try LoopbackSwarm(kind: .hybrid, length: 300_000, pieceLength: 32_768)
        let metainfo = try #require(swarm.metainfo)
        let seed = try await swarm.start("seed", has: true)
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        let v2 = try #require(metainfo.infoHashV2?.truncated)
        try await peer.send(Handshake(infoHash: v2, peerID: FakePeer.greatestID).encoded)
        #expect(await peer.hear() == .message(.handshake))
        #expect(peer.remoteHandshake?.infoHash == v2)
        let other = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await other.send(
            Handshake(infoHash: metainfo.infoHash, peerID: FakePeer.smallestID, supportsV2: speaksV2).encoded)
        #expect(await other.hear() == .message(.handshake))
        #expect(other.remoteHandshake?.infoHash == (speaksV2 ? v2 : metainfo.infoHash))
        #expect(other.remoteHandshake?.supportsV2 == true)
        peer.close()
        other.close()
        try await swarm.stop(seed)
    }

    @Test func `a piece that a hybrid's hashes disagree about is told of and not fetched again`() async throws {
        let swarm = try LoopbackSwarm(
            kind: .hybrid, length: 4 * 16_384, pieceLength: 16_384, contradiction: PieceIndex(2))
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await Self.shakeHands(peer, in: swarm, id: FakePeer.greatestID)
        try await peer.offerEverything()
        var asked: [PieceIndex] = []
        while asked.count < 4, let block = await peer.hearRequest() {
            asked.append(block.piece)
            try await peer.send(block, swarm.bytes(of: block))
        }
        let state = await leecher.observer.wait { !$0.contradictions.isEmpty && $0.durable?.setCount == 3 }
        #expect(state.contradictions == [PieceIndex(2)] && state.hashFailures.isEmpty && state.bans.isEmpty)
        #expect(Set(asked).count == 4)
        let status = leecher.handle.status
        #expect(status.phase == .downloading)
        peer.close()
        try await swarm.stop(leecher)
    }

    @Test(arguments: [true, false])
    func `a hybrid calls who was found under a name by that name`(isV2: Bool) async throws {
        let swarm = try LoopbackSwarm(kind: .hybrid, length: 300_000, pieceLength: 32_768)
        let metainfo = try #require(swarm.metainfo)
        let name = try #require(isV2 ? metainfo.infoHashV2?.truncated : metainfo.infoHashV1)
        let leecher = try await swarm.start("leecher", has: false)
        let listener = try await FakeListener.listen(at: "127.0.0.2", in: swarm)
        leecher.handle.add(candidates: [listener.endpoint], under: name)
        let peer = try await listener.accept()
        #expect(await peer.hear() == .message(.handshake))
        #expect(peer.remoteHandshake?.infoHash == name && peer.remoteHandshake?.supportsV2 == true)
        // Whoever answers with the v2 name goes on by that.
        let v2 = try #require(metainfo.infoHashV2?.truncated)
        try await peer.send(Handshake(infoHash: v2, peerID: FakePeer.greatestID).encoded)
        try await peer.offerEverything()
        async let served: Void = peer.serve { swarm.bytes(of: $0) }
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        peer.close()
        await served
        try await swarm.stop(leecher)
    }

    @Test(arguments: [MetainfoWithTrees.v2, .hybrid])
    func `of peers that share a piece the liar alone is dropped, and its blocks alone are fetched again`(
        kind: MetainfoWithTrees
    ) async throws {
        let swarm = try LoopbackSwarm(kind: kind.kind, length: 32 * 16_384, pieceLength: 32 * 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let liar = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: "127.0.0.2")
        try await Self.shakeHands(liar, in: swarm, id: FakePeer.greatestID)
        try await liar.offerEverything()
        let lie = try #require(await liar.hearRequest())
        let honest = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await Self.shakeHands(honest, in: swarm, id: FakePeer.smallestID)
        try await honest.offerEverything()
        let first = try #require(await honest.hearRequest())
        // Before anybody else can be asked for it.
        try await liar.send(lie, swarm.bytes(of: lie).map { ~$0 })
        async let lies: Void = liar.serve { swarm.bytes(of: $0) }
        async let asked = Self.serve(honest, first, in: swarm)
        let state = await leecher.observer.wait { $0.isCompleted }
        #expect(state.hashFailures.count == 1 && state.bans.map(\.address) == [IPAddress("127.0.0.2")])
        #expect(try swarm.payload(of: leecher) == swarm.content)
        liar.close()
        honest.close()
        await lies
        let blocks = try await asked
        #expect(blocks.contains(lie) && Set(blocks).count == blocks.count)
        try await swarm.stop(leecher)
    }

    @Test func `a block that two send at once is of the one that is through first`() async throws {
        let swarm = try LoopbackSwarm(kind: .v2, length: 2 * 16_384, pieceLength: 2 * 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let liar = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: "127.0.0.2")
        try await Self.shakeHands(liar, in: swarm, id: FakePeer.greatestID)
        try await liar.offerEverything()
        let lie = try #require(await liar.hearRequest())
        _ = try #require(await liar.hearRequest())
        let lies = swarm.bytes(of: lie).map { ~$0 }
        try await liar.send { out in
            MessageWriter.piece(lie, into: &out)
            out += lies.prefix(9_000)
        }
        let honest = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await Self.shakeHands(honest, in: swarm, id: FakePeer.smallestID)
        try await honest.offerEverything()
        // The endgame: both blocks are asked of it, too.
        let asked = [try #require(await honest.hearRequest()), try #require(await honest.hearRequest())]
        let other = try #require(asked.first { $0 != lie })
        try await honest.send { out in
            MessageWriter.piece(lie, into: &out)
            out += swarm.bytes(of: lie).prefix(9_000)
        }
        try await liar.send(Array(lies.dropFirst(9_000)))
        let heard = await honest.hear { if case .message(.cancel(lie)) = $0 { true } else { false } }
        #expect(heard != .end)
        try await honest.send(Array(swarm.bytes(of: lie).dropFirst(9_000)))
        async let served = Self.serve(honest, other, in: swarm)
        let state = await leecher.observer.wait { $0.isCompleted }
        #expect(state.hashFailures.count == 1 && state.bans.map(\.address) == [IPAddress("127.0.0.2")])
        #expect(try swarm.payload(of: leecher) == swarm.content)
        liar.close()
        honest.close()
        _ = try await served
        try await swarm.stop(leecher)
    }

    /// Says the torrent's v2 name.
    private static func shakeHands(_ peer: FakePeer, in swarm: LoopbackSwarm, id: PeerID) async throws {
        let v2 = try #require(swarm.metainfo?.infoHashV2?.truncated)
        try await peer.send(Handshake(infoHash: v2, peerID: id).encoded)
        #expect(await peer.hear() == .message(.handshake))
    }

    /// Answers requests for blocks and for hashes until the connection ends; gives the blocks.
    private static func serve(_ peer: FakePeer, _ first: BlockRange, in swarm: LoopbackSwarm) async throws
        -> [BlockRange]
    {
        var blocks = [first]
        try await peer.send(first, swarm.bytes(of: first))
        while true {
            switch await peer.hear() {
            case .message(.request(let block)):
                blocks.append(block)
                try await peer.send(block, swarm.bytes(of: block))
            case .message(.hashRequest):
                guard let range = peer.heardRange, let hashes = try Self.answer(range, in: swarm) else { continue }
                try await peer.send { MessageWriter.hashes(range, hashes, into: &$0) }
            case .end: return blocks
            case .message, .block, .bitfield: continue
            }
        }
    }

    private static func place(_ address: String) -> PeerEndpoint {
        PeerEndpoint(address: IPAddress(address) ?? PeerEndpoint.loopback.address, port: 0)
    }
}
