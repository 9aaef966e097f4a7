// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import PeerTransport
import PeerWire
import SwarmModel
import Testing

/// Connections through the transports that ship.
@Suite(.timeLimit(.minutes(15)), .enabled(if: ShippedTransports.all.count == 2, "the plugins were not built"))
struct EncryptionTests {
    private static func start(
        _ name: String, _ encryption: LinkEncryption, in swarm: LoopbackSwarm, have: Bitfield? = nil,
        listen: PeerEndpoint = .loopback, configure: (inout PeerNetworkConfiguration) -> Void = { _ in }
    ) async throws -> LoopbackSwarm.Peer {
        try await swarm.start(name, has: have != nil, have: have, listen: listen) {
            $0.transports = ShippedTransports.all
            $0.encryption = encryption
            configure(&$0)
        }
    }

    /// Everything but the first piece, so that nobody ever has all and leaves.
    private static func allButOne(_ swarm: LoopbackSwarm) -> Bitfield {
        var have = Bitfield(count: swarm.geometry.pieceCount, filled: true)
        have.remove(PieceIndex(0))
        return have
    }

    struct Pair: Sendable {
        let dialler: LinkEncryption
        let other: LinkEncryption
        let transport: String
    }

    @Test(arguments: [
        Pair(dialler: .disabled, other: .disabled, transport: "tcp"),
        Pair(dialler: .disabled, other: .allowed, transport: "tcp"),
        Pair(dialler: .allowed, other: .disabled, transport: "tcp"),
        Pair(dialler: .allowed, other: .allowed, transport: "tcp"),
        Pair(dialler: .allowed, other: .required, transport: "mse"),
        Pair(dialler: .required, other: .allowed, transport: "mse"),
        Pair(dialler: .required, other: .required, transport: "mse"),
    ])
    func `two whose policies meet exchange pieces, encrypted where one requires it`(_ pair: Pair) async throws {
        let swarm = try LoopbackSwarm(length: 3_000_000, pieceLength: 65_536)
        let have = Self.allButOne(swarm)
        let seed = try await Self.start("seed", pair.other, in: swarm, have: have)
        let leecher = try await Self.start("leecher", pair.dialler, in: swarm)
        leecher.handle.add(candidates: [seed.endpoint])
        try await eventually { leecher.handle.status.havePieces == have.setCount }
        for peer in [seed, leecher] {
            let statuses = try await peer.handle.peers()
            #expect(statuses.map(\.transport) == [pair.transport])
            #expect(statuses.map(\.isEncrypted) == [pair.transport == "mse"])
        }
        try await swarm.stop(seed, leecher)
    }

    @Test func `encrypted peers exchange pieces both ways over IPv6`() async throws {
        let swarm = try LoopbackSwarm(length: 6_000_000, pieceLength: 65_536)
        let loopback = PeerEndpoint(address: try #require(IPAddress("::1")), port: 0)
        let halves = (0..<2).map { half in
            var have = Bitfield(count: swarm.geometry.pieceCount)
            for piece in 0..<have.count where piece % 2 == half { have.insert(PieceIndex(piece)) }
            return have
        }
        let first = try await Self.start("first", .required, in: swarm, have: halves[0], listen: loopback)
        let second = try await Self.start("second", .required, in: swarm, have: halves[1], listen: loopback)
        first.handle.add(candidates: [second.endpoint])
        _ = await first.observer.wait { $0.isCompleted }
        _ = await second.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: first) == swarm.content)
        #expect(try swarm.payload(of: second) == swarm.content)
        #expect(first.observer.state.bans.isEmpty && second.observer.state.bans.isEmpty)
        try await swarm.stop(first, second)
    }

    @Test func `where encryption is required nobody is let in in the clear`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await Self.start("seed", .required, in: swarm, have: Self.allButOne(swarm))
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.sendHandshake()
        #expect(await peer.hearBytes(1) == [])
        try await swarm.stop(seed)
    }

    @Test func `where encryption is required nobody is spoken to in the clear`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let leecher = try await Self.start("leecher", .required, in: swarm)
        let listener = try await FakeListener.listen(in: swarm)
        leecher.handle.add(candidates: [listener.endpoint])
        let heard = try await listener.accept().hearBytes(96)
        #expect(heard.count >= 96 && !heard.starts(with: Handshake.preamble))
        try await swarm.stop(leecher)
    }

    @Test func `where encryption is disabled a key is shown the door`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await Self.start("seed", .disabled, in: swarm, have: Self.allButOne(swarm))
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.send([UInt8](repeating: 1, count: 96))
        #expect(await peer.hearBytes(1) == [])
        try await swarm.stop(seed)
    }

    @Test func `a peer that hangs up on our handshake is tried encrypted at once`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let leecher = try await Self.start("leecher", .allowed, in: swarm)
        let listener = try await FakeListener.listen(in: swarm)
        leecher.handle.add(candidates: [listener.endpoint])
        let first = try await listener.accept()
        #expect(await first.hearBytes(68).starts(with: Handshake.preamble))
        first.close()
        let heard = try await listener.accept().hearBytes(96)
        #expect(heard.count >= 96 && !heard.starts(with: Handshake.preamble))
        try await swarm.stop(leecher)
    }

    @Test func `a new word on encryption holds for the next connection`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await Self.start("seed", .allowed, in: swarm, have: Self.allButOne(swarm))
        let early = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await early.shakeHands(id: FakePeer.smallestID)
        seed.network.change(
            limits: PeerLimits(
                connections: 500, connectionsPerTorrent: 100, uploadSlots: nil, requestQueue: 2_000,
                syncInterval: .seconds(5), encryption: .required))
        let late = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await late.sendHandshake()
        #expect(await late.hearBytes(1) == [])
        #expect(try await seed.handle.peers().count == 1)
        try await swarm.stop(seed)
    }

    @Test func `a handshake that comes byte by byte is understood, plain or not`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await Self.start("seed", .allowed, in: swarm, have: Self.allButOne(swarm))
        let plain = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        let handshake = Handshake(infoHash: swarm.infoHash, peerID: FakePeer.greatestID, supportsExtensions: false)
        for byte in handshake.encoded { try await plain.send([byte]) }
        #expect(await plain.hear() == .message(.handshake))
        // A key may begin like a handshake.
        let other = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        for byte in Handshake.preamble.dropLast() + [UInt8](repeating: 7, count: 77) { try await other.send([byte]) }
        let heard = await other.hearBytes(96)
        #expect(heard.count >= 96 && !heard.starts(with: Handshake.preamble))
        try await swarm.stop(seed)
    }

    @Test func `handshakes that do not go on are bounded in number, and cost nothing once they are gone`() async throws
    {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await Self.start("seed", .allowed, in: swarm, have: Self.allButOne(swarm)) {
            $0.maximumHalfOpen = 8
        }
        var peers: [FakePeer] = []
        for number in 0..<40 {
            let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
            try await peer.send([UInt8(number)] + [UInt8](repeating: 3, count: 95))
            #expect(await peer.hearBytes(96).count >= 96)
            peers.append(peer)
            #expect(seed.network.halfOpenCount <= 8)
        }
        for peer in peers.prefix(32) { _ = await peer.hearBytes(.max) }
        for peer in peers { peer.close() }
        try await eventually { seed.network.halfOpenCount == 0 }
        #expect(seed.network.connectionCount == 0)
        try await swarm.stop(seed)
    }
}
