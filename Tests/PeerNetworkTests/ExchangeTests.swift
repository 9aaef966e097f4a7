// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@testable import PeerNetwork

@Suite(.timeLimit(.minutes(15))) struct ExchangeTests {
    /// A peer past its handshakes that reads and sends peer exchange.
    static func peer(
        of seed: LoopbackSwarm.Peer, in swarm: LoopbackSwarm, id: UInt8, from local: String = "127.0.0.1", port: UInt16
    ) async throws -> FakePeer {
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm, from: local)
        try await peer.send(
            Handshake(
                infoHash: swarm.infoHash, peerID: FakePeer.id(filledWith: id), supportsFast: true,
                supportsExtensions: true
            ).encoded)
        var hello = ExtendedHandshake()
        hello.messages[ExtendedHandshake.exchangeName] = 5
        hello.listenPort = port
        try await peer.send { MessageWriter.extended(0, payload: hello.encoded, into: &$0) }
        return peer
    }

    static func told(_ endpoints: [PeerEndpoint]) -> [UInt8] {
        var message = PeerExchangeMessage()
        message.added = endpoints.map { PeerExchangeMessage.Peer($0) }
        return message.encoded
    }

    @Test func `a peer hears of others where they listen, and its word is followed`() async throws {
        let swarm = try LoopbackSwarm(length: 100_000, pieceLength: 16_384)
        let leech = try await swarm.start("leech", has: false)
        let first = try await Self.peer(of: leech, in: swarm, id: 20, from: "127.0.0.2", port: 4_000)
        let second = try await Self.peer(of: leech, in: swarm, id: 21, from: "127.0.0.3", port: 5_000)
        var heard: Set<PeerEndpoint> = []
        while heard.isEmpty {
            let payload = try #require(await first.hearExtended(5))
            heard = Set(try #require(try PeerExchangeMessage(parsing: payload)).added.map(\.endpoint))
        }
        #expect(heard == [try #require(PeerEndpoint("127.0.0.3:5000"))])
        let listener = try await FakeListener.listen(at: "127.0.0.4", in: swarm)
        try await second.send {
            MessageWriter.extended(PeerSession.exchangeID, payload: Self.told([listener.endpoint]), into: &$0)
        }
        let dialled = try await listener.accept()
        for peer in [first, second, dialled] { peer.close() }
        try await swarm.stop(leech)
    }

    @Test func `a flood ends the connection and leaves a bounded number of addresses`() async throws {
        let swarm = try LoopbackSwarm(length: 100_000, pieceLength: 16_384)
        let leech = try await swarm.start("leech", has: false)
        let peer = try await Self.peer(of: leech, in: swarm, id: 20, port: 4_000)
        for round in 0..<200 {
            let addresses = (0..<100).map { number in
                PeerEndpoint(address: IPAddress(v4: 0x7F01_0000 + UInt32(round * 100 + number)), port: 1)
            }
            try await peer.send {
                MessageWriter.extended(PeerSession.exchangeID, payload: Self.told(addresses), into: &$0)
            }
        }
        await peer.hearEnd()
        #expect(leech.handle.status.candidates <= 500)
        try await swarm.stop(leech)
    }

    @Test func `a private torrent neither offers peer exchange nor tells of anybody`() async throws {
        let swarm = try LoopbackSwarm(length: 100_000, pieceLength: 16_384)
        let leech = try await swarm.start("leech", has: false, isPrivate: true)
        let peer = try await Self.peer(of: leech, in: swarm, id: 20, port: 4_000)
        let own = try #require(await peer.hearExtended(0))
        #expect(try ExtendedHandshake(parsing: own)?.messages[ExtendedHandshake.exchangeName] == nil)
        peer.close()
        try await swarm.stop(leech)
    }

    @Test func `of idle connections the one of the lowest priority makes room, and no young one`() {
        final class Mark {}
        let marks = (0..<4).map { _ in Mark() }
        func entrant(_ index: Int, _ priority: UInt32, age: Int64 = 100, isBusy: Bool = false)
            -> ConnectionContest.Entrant
        {
            .init(id: ObjectIdentifier(marks[index]), priority: priority, age: .seconds(age), isBusy: isBusy)
        }
        let present = [entrant(0, 50), entrant(1, 20), entrant(2, 10, isBusy: true), entrant(3, 5, age: 10)]
        #expect(ConnectionContest.loser(to: 60, among: present) == ObjectIdentifier(marks[1]))
        #expect(ConnectionContest.loser(to: 20, among: present) == nil)
        #expect(ConnectionContest.loser(to: 60, among: []) == nil)
    }

    @Test func `our address is what most peers tell, one vote each`() throws {
        var external = ExternalAddress()
        let (a, b) = (IPAddress(v4: 1), IPAddress(v4: 2))
        #expect(external.address(isV6: false) == nil)
        var changes = [external.told(a, by: IPAddress(v4: 100))]
        for _ in 0..<10 { changes.append(external.told(b, by: IPAddress(v4: 101))) }
        changes.append(external.told(b, by: IPAddress(v4: 102)))
        #expect(changes == [true] + Array(repeating: false, count: 10) + [true])
        #expect(external.address(isV6: false) == b && external.address(isV6: true) == nil)
    }
}
