// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerWire

@testable import Discovery

@Suite struct DatagramExchangeTests {
    private let start = Instant(nanoseconds: 1_000_000_000)
    private let request = AnnounceRequest(
        infoHash: InfoHash(repeating: 0xf1), peerID: PeerID(bytes: Array("-SM0100-abcdefghijkl".utf8))!, port: 6881,
        left: 42, event: .started)

    private func exchange(isV6: Bool = false) -> DatagramExchange<AnnounceResponse> {
        DatagramExchange(
            DatagramQuestion(self.request, urlData: URLData("/k/announce".utf8), isV6: isV6),
            random: SplitMix64(seed: 5))
    }

    private func sent(_ effect: DatagramExchange<AnnounceResponse>.Effect) throws -> [UInt8] {
        guard case .send(let bytes) = effect else { throw Unexpected(effect: effect) }
        return bytes
    }

    private struct Unexpected: Error { let effect: DatagramExchange<AnnounceResponse>.Effect }

    private func transaction(_ bytes: [UInt8]) -> UInt32 { DatagramHead(datagram: bytes.span)?.transaction ?? 0 }

    /// An exchange that has a connection id, with the announce that it sent.
    private func connected() throws -> (DatagramExchange<AnnounceResponse>, announce: [UInt8]) {
        var exchange = self.exchange()
        let connect = try self.sent(exchange.start(at: self.start))
        let answer = DatagramWriter.bytes { $0.connected(77, transaction: self.transaction(connect)) }
        let announce = try self.sent(exchange.receive(answer.span, at: self.start))
        return (exchange, announce)
    }

    @Test func `first an id, then the announce, then the peers`() throws {
        var exchange = self.exchange()
        let connect = try self.sent(exchange.start(at: self.start))
        #expect(DatagramHead(datagram: connect.span)?.connectionID == DatagramHead.protocolID)
        let connected = DatagramWriter.bytes { $0.connected(77, transaction: self.transaction(connect)) }
        let announce = try self.sent(exchange.receive(connected.span, at: self.start))
        #expect(DatagramHead(datagram: announce.span)?.connectionID == 77)
        #expect(AnnounceRequest(datagram: announce.span)?.infoHash == self.request.infoHash)
        #expect(URLData(datagram: announce.span).bytes == Array("/k/announce".utf8))
        let answer = DatagramWriter.bytes { writer in
            writer.announced(
                interval: .seconds(1800), incomplete: 1, complete: 2, transaction: self.transaction(announce))
            writer.append([1, 2, 3, 4, 0, 80])
        }
        guard case .finish(.success(let response)) = exchange.receive(answer.span, at: self.start) else {
            Issue.record("not finished")
            return
        }
        #expect(response.interval == .seconds(1800) && response.complete == 2 && response.incomplete == 1)
        #expect(response.peers.map(\.endpoint.description) == ["1.2.3.4:80"])
        #expect(exchange.deadline == nil && exchange.pass(to: self.start + .seconds(99)) == .none)
        #expect(exchange.receive(answer.span, at: self.start) == .none)
    }

    @Test func `silence is met with 15, 30, 60 seconds of patience`() throws {
        var exchange = self.exchange()
        let first = try self.sent(exchange.start(at: self.start))
        var now = self.start
        for wait in [15, 30, 60, 120, 240, 480, 960, 1_920, 3_840, 3_840] as [Int64] {
            #expect(exchange.pass(to: now + .seconds(wait) - .milliseconds(1)) == .none)
            now = now + .seconds(wait)
            #expect(exchange.deadline == now)
            #expect(try self.sent(exchange.pass(to: now)) == first, "a late answer to the first still counts")
        }
    }

    @Test func `an announce is repeated with its id, until that is a minute old`() throws {
        var (exchange, announce) = try self.connected()
        #expect(try self.sent(exchange.pass(to: self.start + .seconds(15))) == announce)
        #expect(try self.sent(exchange.pass(to: self.start + .seconds(45))) == announce)
        let anew = try self.sent(exchange.pass(to: self.start + .seconds(105)))
        #expect(DatagramHead(datagram: anew.span)?.connectionID == DatagramHead.protocolID)
    }

    @Test func `a refusal ends it with the tracker's words`() throws {
        var (exchange, announce) = try self.connected()
        let answer = DatagramWriter.bytes { $0.refused("go away", transaction: self.transaction(announce)) }
        #expect(
            exchange.receive(answer.span, at: self.start)
                == .finish(.failure(.refused(TrackerRefusal(reason: "go away")))))
    }

    @Test func `what answers nothing that was asked is passed over`() throws {
        var (exchange, announce) = try self.connected()
        let transaction = self.transaction(announce)
        let deadline = exchange.deadline
        let strange: [[UInt8]] = [
            [], [0, 0, 0, 1], DatagramWriter.bytes { $0.connected(78, transaction: transaction) },
            DatagramWriter.bytes { $0.scraped(transaction: transaction) },
            DatagramWriter.bytes { $0.refused("no", transaction: transaction ^ 1) },
            DatagramWriter.bytes {
                $0.announced(interval: .seconds(9), incomplete: 0, complete: 0, transaction: transaction ^ 1)
            },
            Array(
                DatagramWriter.bytes {
                    $0.announced(interval: .seconds(9), incomplete: 0, complete: 0, transaction: transaction)
                }.prefix(19)),
            DatagramWriter.bytes { writer in
                writer.append(UInt32(99))
                writer.append(transaction)
            },
        ]
        for bytes in strange { #expect(exchange.receive(bytes.span, at: self.start) == .none) }
        #expect(exchange.deadline == deadline)
    }

    @Test func `over IPv6 peers are eighteen bytes`() throws {
        var exchange = self.exchange(isV6: true)
        let connect = try self.sent(exchange.start(at: self.start))
        let connected = DatagramWriter.bytes { $0.connected(77, transaction: self.transaction(connect)) }
        let announce = try self.sent(exchange.receive(connected.span, at: self.start))
        let peer = try #require(PeerEndpoint("[2001:db8::7]:99"))
        let answer = DatagramWriter.bytes { writer in
            writer.announced(interval: .seconds(9), incomplete: 0, complete: 0, transaction: self.transaction(announce))
            writer.append(peer.compact)
        }
        guard case .finish(.success(let response)) = exchange.receive(answer.span, at: self.start) else {
            Issue.record("not finished")
            return
        }
        #expect(response.peers.map(\.endpoint) == [peer])
    }
}
