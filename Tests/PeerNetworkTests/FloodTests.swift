// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import PeerSession
import PeerWire
import SwarmModel
import Testing

/// Peers that make us answer and do not take the answers.
@Suite(.timeLimit(.minutes(15)))
struct FloodTests {
    @Test func `a peer that does not read is not read from, until it does`() async throws {
        let swarm = try LoopbackSwarm(length: 1 << 20, pieceLength: 1 << 18)
        let seed = try await swarm.start("seed", has: true)
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm, receiveBuffer: 8_192)
        try await peer.shakeHands()
        try await peer.send { MessageWriter.interested(into: &$0) }
        await peer.hear { $0 == .message(.unchoke) }
        try await peer.setReading(false)
        // Each pair is answered with a rejection, and is no fault.
        let count = 500_000
        var flood: [UInt8] = []
        for index in 0..<count {
            let block = swarm.geometry.block(index % 16, of: PieceIndex(index % 4))
            MessageWriter.request(block, into: &flood)
            MessageWriter.cancel(block, into: &flood)
        }
        peer.sendLater(flood)
        try await eventually { try await seed.handle.peers().first?.isReadHeld == true }
        let unsent = try #require(try await seed.handle.peers().first?.unsentBytes)
        // The limit, and what one wake-up may read on top of it.
        #expect(unsent > 256 << 10 && unsent < 1 << 20)
        try await peer.setReading(true)
        var answers = 0
        while answers < count {
            switch await peer.hear() {
            case .message(.reject), .block: answers += 1
            case .end:
                Issue.record("the connection ended after \(answers) answers")
                return
            case .message, .bitfield: continue
            }
        }
        try await eventually { try await seed.handle.peers().first?.unsentBytes == 0 }
        #expect(try await seed.handle.peers().first?.isReadHeld == false)
        try await swarm.stop(seed)
    }

    @Test func `more requests than we keep end the connection`() async throws {
        let swarm = try LoopbackSwarm(length: 1 << 22, pieceLength: 1 << 18)
        let seed = try await swarm.start("seed", has: true) { $0.requestQueue = 50 }
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm, receiveBuffer: 8_192)
        try await peer.shakeHands()
        try await peer.send { MessageWriter.interested(into: &$0) }
        await peer.hear { $0 == .message(.unchoke) }
        try await peer.askWithoutReading()
        try await eventually { seed.network.connectionCount == 0 }
        try await swarm.stop(seed)
    }

    @Test func `two that send each other much do not wait for each other`() async throws {
        let swarm = try LoopbackSwarm(length: 16 << 20, pieceLength: 1 << 18)
        let halves = (0..<2).map { half in
            var have = Bitfield(count: swarm.geometry.pieceCount)
            for piece in 0..<have.count where piece % 2 == half { have.insert(PieceIndex(piece)) }
            return have
        }
        let first = try await swarm.start("first", has: true, have: halves[0])
        let second = try await swarm.start("second", has: true, have: halves[1])
        first.handle.add(candidates: [second.endpoint])
        _ = await first.observer.wait { $0.isCompleted }
        _ = await second.observer.wait { $0.isCompleted }
        #expect(first.observer.state.bans.isEmpty && second.observer.state.bans.isEmpty)
        try await swarm.stop(first, second)
    }

    @Test func `who tells of peers without end is not heeded, and the torrent goes on`() async throws {
        let swarm = try LoopbackSwarm(length: 300_000, pieceLength: 65_536)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: "127.0.0.3")
        try await peer.shakeHandsExtended(in: swarm)
        for round in 0..<200 {
            var message = PeerExchangeMessage()
            message.added = (0..<2_000).map { number in
                let address = IPAddress(v4: 0x7f10_0000 + UInt32(round * 2_000 + number))
                return PeerExchangeMessage.Peer(PeerEndpoint(address: address, port: 1), [.isReachable])
            }
            var bytes: [UInt8] = []
            MessageWriter.extended(PeerSession.exchangeID, payload: message.encoded, into: &bytes)
            peer.sendLater(bytes)
        }
        await peer.hearEnd()
        try await eventually { leecher.handle.status.peers == 0 }
        // Four messages may come at once, and a hundred of each are read.
        #expect(leecher.handle.status.candidates <= 4 * PeerExchangeMessage.readLimit)
        let seed = try await swarm.start("seed", has: true)
        leecher.handle.add(candidates: [seed.endpoint])
        await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        try await swarm.stop(leecher, seed)
    }
}
