// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import PeerWire
import PieceStore
import SwarmModel
import Testing

/// Peers that do not keep to the protocol.
@Suite(.timeLimit(.minutes(15)))
struct HostileBytesTests {
    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "\u{13}BitTorrent protocoX", "\0\0\0\0"])
    func `garbage instead of a handshake ends the connection`(_ garbage: String) async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true)
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.send(Array(garbage.utf8))
        await peer.hearEnd()
        #expect(seed.network.connectionCount == 0)
        try await eventually { seed.network.halfOpenCount == 0 }
        try await swarm.stop(seed)
    }

    @Test func `garbage from a peer that was dialled ends the connection`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let listener = try await FakeListener.listen(in: swarm)
        leecher.handle.add(candidates: [listener.endpoint])
        let peer = try await listener.accept()
        try await peer.send(Array("220 mail.example.org ESMTP\r\n".utf8))
        await peer.hearEnd()
        try await eventually { leecher.network.connectionCount == 0 }
        try await swarm.stop(leecher)
    }

    static let nonsense: [[UInt8]] = [
        // A length of four billion, in several kinds of message.
        [0xff, 0xff, 0xff, 0xff, 0], [0xff, 0xff, 0xff, 0xff, 5], [0xff, 0xff, 0xff, 0xff, 7],
        [0xff, 0xff, 0xff, 0xff, 20], [0xff, 0xff, 0xff, 0xff, 99],
        // A block of 128 KiB and one byte; an empty one.
        [0, 2, 0, 10, 7, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 9, 7, 0, 0, 0, 0, 0, 0, 0, 0],
        // A bitfield that is too long, one with spare bits, a HAVE of a piece that is not there.
        [0, 0, 0, 3, 5, 0, 0], [0, 0, 0, 2, 5, 0xff], [0, 0, 0, 5, 4, 0, 0, 0, 3],
        // A CHOKE with a body.
        [0, 0, 0, 2, 0, 0],
    ]

    @Test(arguments: Self.nonsense)
    func `nonsense after the handshake ends the connection, and the second time bans`(_ bytes: [UInt8]) async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true)
        for _ in 0..<2 {
            let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm, from: "127.0.0.2")
            try await peer.shakeHands()
            try await peer.send(bytes)
            await peer.hearEnd()
        }
        let banned = await seed.observer.wait { !$0.bans.isEmpty }.bans
        #expect(banned.map(\.address) == [IPAddress("127.0.0.2")])
        // Refused from now on, others are not.
        try await FakePeer.connect(to: seed.endpoint, in: swarm, from: "127.0.0.2").hearEnd()
        let honest = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        #expect(try await honest.shakeHands() != nil)
        try await swarm.stop(seed)
    }

    @Test func `who is banned by one torrent is dropped by all`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let other = try LoopbackSwarm(length: 40_000, pieceLength: 16_384, seed: 2)
        let seed = try await swarm.start("seed", has: true)
        try other.writeFiles(in: other.root)
        let storage = TorrentStorage(store: seed.store, layout: other.layout, hashes: other.hashes, root: other.root)
        let have = Bitfield(count: other.geometry.pieceCount, filled: true)
        let handle = try await seed.network.start(other.parameters(storage, have: have, RecordingObserver()))
        let quiet = try await FakePeer.connect(to: seed.endpoint, in: other, from: "127.0.0.2")
        #expect(try await quiet.shakeHands() != nil)
        for _ in 0..<2 {
            let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm, from: "127.0.0.2")
            try await peer.shakeHands()
            try await peer.send(Self.nonsense[0])
            await peer.hearEnd()
        }
        await quiet.hearEnd()
        _ = try await seed.network.stop(handle)
        try await other.stop()
        try await swarm.stop(seed)
    }

    @Test func `a peer of another torrent is shown the door without a fault`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true)
        let other = try #require(InfoHash(bytes: Array(repeating: 7, count: 20)))
        for _ in 0..<20 {
            let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
            try await peer.sendHandshake(infoHash: other)
            await peer.hearEnd()
        }
        let listener = try await FakeListener.listen(in: swarm)
        seed.handle.add(candidates: [listener.endpoint])
        let answering = try await listener.accept()
        try await answering.sendHandshake(infoHash: other)
        await answering.hearEnd()
        try await eventually { seed.network.connectionCount == 0 }
        #expect(seed.observer.state.bans.isEmpty)
        try await swarm.stop(seed)
    }

    @Test func `requests beyond the torrent end the connection`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true)
        for block in [
            BlockRange(piece: PieceIndex(UInt32(3)), begin: 0, length: 16_384),
            BlockRange(piece: PieceIndex(UInt32(2)), begin: 0, length: 16_384),
            BlockRange(piece: PieceIndex(UInt32.max), begin: .max, length: .max),
        ] {
            let address = "127.0.1.\(block.piece.rawValue & 0xf)"
            let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm, from: address)
            try await peer.shakeHands()
            try await peer.send { MessageWriter.request(block, into: &$0) }
            await peer.hearEnd()
        }
        try await swarm.stop(seed)
    }

    @Test func `requests while choked are rejected, and in the end too many`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true) { $0.requestQueue = 20 }
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.shakeHands()
        let block = swarm.geometry.block(0, of: PieceIndex(0))
        for _ in 0..<20 { try await peer.send { MessageWriter.request(block, into: &$0) } }
        for _ in 0..<20 { #expect(await peer.hear { $0 == .message(.reject(block)) } == .message(.reject(block))) }
        for _ in 0..<40 { peer.sendLater(Self.request(block)) }
        await peer.hearEnd()
        try await swarm.stop(seed)
    }

    @Test(arguments: [true, false])
    func `a request for a piece that we lack is refused and the connection stays`(_ fast: Bool) async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await peer.shakeHands(fast: fast)
        try await peer.send { MessageWriter.interested(into: &$0) }
        await peer.hear { $0 == .message(.unchoke) }
        let block = swarm.geometry.block(0, of: PieceIndex(1))
        try await peer.send { MessageWriter.request(block, into: &$0) }
        if fast { #expect(await peer.hear() == .message(.reject(block))) }
        try await peer.send { MessageWriter.have(PieceIndex(1), into: &$0) }
        #expect(await peer.hear() == .message(.interested))
        try await swarm.stop(leecher)
    }

    private static func request(_ block: BlockRange) -> [UInt8] {
        var bytes: [UInt8] = []
        MessageWriter.request(block, into: &bytes)
        return bytes
    }
}
