// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerServer
import TrackerWire

@Suite struct PieceServingTests {
    static let hash = AnnounceServingTests.hash

    static func pieces(_ count: Int, _ pieces: some Sequence<Int>) -> Bitfield {
        var set = Bitfield(count: count)
        for piece in pieces { set.insert(PieceIndex(piece)) }
        return set
    }

    static func peer(_ number: Int) -> MappedPeer {
        let request = DatagramServingTests.request(number)
        return MappedPeer(
            infoHash: request.infoHash, peerID: request.peerID, key: request.key ?? 0, port: request.port)
    }

    static func message(_ number: Int, _ pieces: Bitfield, connectionID: UInt64 = 0, transaction: UInt32 = 1) -> [UInt8]
    {
        let encoded = EncodedPieces(pieces)
        let report = PieceReport(
            peer: Self.peer(number), isWhole: true, encoding: encoded.encoding, sequence: 1, epoch: 0,
            pieceCount: UInt32(pieces.count), sum: PieceChecksum(pieces))
        return report.datagram(connectionID: connectionID, transaction: transaction, payload: encoded.payload)
    }

    static func ask(
        _ client: TestDatagramClient, _ make: (UInt32) -> [UInt8]
    ) throws -> PieceAnswer {
        client.send(make(77))
        guard let bytes = client.receive(), let answer = PieceAnswer(datagram: bytes.span, isV6: client.isV6) else {
            throw TestClient.Failure(description: "no answer")
        }
        #expect(DatagramReply.transaction(of: bytes.span) == 77)
        return answer
    }

    static func post(_ web: TestClient, _ datagram: [UInt8]) throws -> (status: Int, answer: PieceAnswer?) {
        let response = try web.post("/v1/pieces", Array(datagram.dropFirst(8)))
        return (response.status, PieceAnswer(datagram: response.body.span, isV6: false))
    }

    static func verdict(_ answer: PieceAnswer?) -> PieceReportAnswer.Verdict? {
        guard case .reported(let answer)? = answer else { return nil }
        #expect(answer.epoch != 0 && answer.period == .seconds(5))
        return answer.verdict
    }

    @Test func `reports over UDP are known to questions over UDP and HTTP`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            for number in 1...3 { _ = try client.announce(DatagramServingTests.request(number), id) }
            _ = try client.announce(DatagramServingTests.request(9, left: 0), id)
            for number in 1...3 {
                let answer = try Self.ask(client) {
                    Self.message(number, Self.pieces(10, 0..<number), connectionID: id, transaction: $0)
                }
                #expect(Self.verdict(answer) == .known)
            }
            let availability = try Self.ask(client) {
                PieceQuestion(peer: Self.peer(1), subject: .availability(first: PieceIndex(1), count: 4)).datagram(
                    connectionID: id, transaction: $0)
            }
            guard case .availability(let counts) = availability else {
                Issue.record("\(availability)")
                return
            }
            #expect(
                counts.counts == [2, 1, 0, 0] && counts.pieceCount == 10 && counts.seeds == 1 && counts.reporters == 3)
            let holders = try Self.ask(client) {
                PieceQuestion(peer: Self.peer(1), subject: .holders([PieceIndex(1), PieceIndex(9)], wanted: 5))
                    .datagram(
                        connectionID: id, transaction: $0)
            }
            guard case .holders(_, let entries) = holders else {
                Issue.record("\(holders)")
                return
            }
            #expect(entries.map(\.holders) == [2, 0])
            #expect(Set(entries[0].peers.map(\.port)) == [1002, 1003] && entries[1].peers.isEmpty)
            let rarest = try Self.ask(client) {
                PieceQuestion(peer: Self.peer(9), subject: .rarest(count: 8)).datagram(
                    connectionID: id, transaction: $0)
            }
            guard case .rarest(_, let seeds, let rare) = rarest else {
                Issue.record("\(rarest)")
                return
            }
            #expect(seeds == 1 && Set(rare.prefix(7).map(\.piece.offset)) == Set(3..<10) && rare[7].holders == 1)
            try Self.pages(server)
        }
    }

    private static func pages(_ server: TrackerServer) throws {
        let base = "/v1/torrents/\(Self.hash)"
        let page = try TestClient.get(server.endpoints[0], base + "/availability?first=0")
        #expect(page.status == 200 && page.head.contains("application/json"))
        for part in [
            "\"pieces\":10", "\"seeds\":1", "\"leechers\":3", "\"reporting\":3", "\"minimum\":1", "\"mean\":1.600",
            "\"distributed_copies\":1.300", "\"histogram\":[7,1,1,1,0,", "\"counts\":[3,2,1,0,0,0,0,0,0,0]",
        ] { #expect(page.text.contains(part), "\(part) in \(page.text)") }
        let rarest = try TestClient.get(server.endpoints[0], base + "/pieces?limit=2")
        #expect(rarest.text.contains("\"holders\":0") && !rarest.text.contains("\"holders\":1"))
        let peers = try TestClient.get(server.endpoints[0], base + "/pieces/1/peers")
        #expect(peers.text.contains("\"holders\":2") && peers.text.contains("127.0.0.1:1002"))
        #expect(!peers.text.contains("1001"))
        for path in ["/pieces/10/peers", "/pieces/x/peers", "/pieces/1", "/nothing", ""] {
            #expect(try TestClient.get(server.endpoints[0], base + path).status == 404, "\(path)")
        }
        let unknown = "/v1/torrents/" + String(repeating: "0", count: 40)
        #expect(try TestClient.get(server.endpoints[0], unknown + "/availability").status == 404)
        let metrics = try TestClient.get(server.endpoints[0], "/metrics").text
        #expect(metrics.contains("swarm_tracker_piece_reporters 3\n") && metrics.contains("piece_requests_total 6\n"))
    }

    @Test func `reports over HTTP are the same bytes without the connection id`() async throws {
        try await TestTracker.run { server in
            let web = try TestClient(server.endpoints[0])
            let early = try Self.post(web, Self.message(2, Self.pieces(300, [7])))
            #expect(early.status == 200 && Self.verdict(early.answer) == .unregistered)
            let udp = try TestDatagramClient(server.endpoints[0])
            let id = try udp.connect()
            _ = try udp.announce(DatagramServingTests.request(2), id)
            #expect(Self.verdict(try Self.post(web, Self.message(2, Self.pieces(300, [7]))).answer) == .known)
            let question = PieceQuestion(peer: Self.peer(2), subject: .availability(first: PieceIndex(6), count: 3))
            guard
                case .availability(let answer)? = try Self.post(
                    web, question.datagram(connectionID: 0, transaction: 5)
                ).answer
            else {
                Issue.record("no availability")
                return
            }
            #expect(answer.counts == [0, 1, 0])
        }
    }

    @Test func `whoever has not announced, or comes from elsewhere, moves and learns nothing`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            _ = try client.announce(DatagramServingTests.request(1), id)
            let other = try TestDatagramClient(server.endpoints[0], source: IPAddress("127.0.0.2"))
            let otherID = try other.connect()
            let pieces = Self.pieces(10, 0..<10)
            let stolen = try Self.ask(other) { Self.message(1, pieces, connectionID: id, transaction: $0) }
            #expect(stolen == .refused("connection id expired"))
            let spoken = try Self.ask(other) { Self.message(1, pieces, connectionID: otherID, transaction: $0) }
            #expect(Self.verdict(spoken) == .unregistered)
            let question = PieceQuestion(peer: Self.peer(1), subject: .rarest(count: 3))
            guard
                case .refused = try Self.ask(
                    other,
                    {
                        question.datagram(connectionID: otherID, transaction: $0)
                    })
            else {
                Issue.record("a stranger was answered")
                return
            }
            let page = try TestClient.get(server.endpoints[0], "/v1/torrents/\(Self.hash)/availability")
            #expect(page.text.contains("\"reporting\":0"))
        }
    }

    @Test func `what makes no sense is refused over HTTP and not answered over UDP`() async throws {
        try await TestTracker.run { server in
            let udp = try TestDatagramClient(server.endpoints[0])
            let id = try udp.connect()
            _ = try udp.announce(DatagramServingTests.request(1), id)
            let web = try TestClient(server.endpoints[0])
            var malformed = Self.message(1, Self.pieces(8, [1]), connectionID: id)
            malformed[malformed.count - 1] = 200
            for bytes in [malformed, Array(malformed.prefix(60)), [UInt8](repeating: 0, count: 90), [], [1]] {
                #expect(try Self.post(web, bytes).status == 400)
            }
            #expect(try web.get("/v1/pieces").status == 405)
            #expect(try web.post("/v1/pieces", [UInt8](repeating: 1, count: 200_000)).status == 413)
            udp.send(malformed)
            udp.send(Array(malformed.prefix(40)))
            let answer = try Self.ask(udp) { Self.message(1, Self.pieces(8, [1]), connectionID: id, transaction: $0) }
            #expect(Self.verdict(answer) == .known)
        }
    }

    @Test func `answers fit into one packet however much is asked`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            let pieces = Self.pieces(9_000, stride(from: 0, to: 9_000, by: 2))
            for number in 1...250 {
                _ = try client.announce(DatagramServingTests.request(number, wanted: 0), id)
                // One address may have so many; the rest reports nothing.
                _ = try Self.ask(client) { Self.message(number, pieces, connectionID: id, transaction: $0) }
            }
            for subject in [
                .availability(first: PieceIndex(0), count: .max), .rarest(count: .max),
                .holders((0..<16).map { PieceIndex($0 * 2) }, wanted: .max),
            ] as [PieceQuestion.Subject] {
                client.send(
                    PieceQuestion(peer: Self.peer(1), subject: subject).datagram(connectionID: id, transaction: 1))
                let bytes = try #require(client.receive())
                #expect(
                    bytes.count <= 1400 && bytes.count > 1000 && PieceAnswer(datagram: bytes.span, isV6: false) != nil)
            }
        }
    }
}
