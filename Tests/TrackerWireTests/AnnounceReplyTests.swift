// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel
import Testing
import TrackerWire

@Suite struct AnnounceReplyTests {
    static var response: AnnounceResponse {
        var response = AnnounceResponse(interval: .seconds(1800))
        response.minimumInterval = .seconds(60)
        response.complete = 3
        response.incomplete = 4
        response.downloaded = 5
        response.warning = "soon down"
        response.trackerID = [1, 2, 255]
        response.externalAddress = IPAddress("2001:db8::5")
        response.peers = [
            TrackerPeer(PeerEndpoint("1.2.3.4:5")!), TrackerPeer(PeerEndpoint("[2001:db8::1]:65535")!),
        ]
        return response
    }

    static func decode(_ text: String) throws -> AnnounceReply { try AnnounceReply(decoding: Array(text.utf8)) }

    @Test func `both forms carry every field`() throws {
        let reply = AnnounceReply.accepted(Self.response)
        #expect(try AnnounceReply(decoding: reply.encoded(compact: true)) == reply)
        #expect(try AnnounceReply(decoding: reply.encoded(compact: false)) == reply)
        var named = Self.response
        named.peers[0].peerID = PeerID(bytes: Array("-SM0100-abcdefghijkl".utf8))
        let dictionary = AnnounceReply.accepted(named)
        #expect(try AnnounceReply(decoding: dictionary.encoded(compact: false)) == dictionary)
    }

    @Test func `answers are canonical bencode`() throws {
        for compact in [true, false] {
            let bytes = AnnounceReply.accepted(Self.response).encoded(compact: compact)
            #expect(try BencodeValue(parsing: bytes).isCanonical)
        }
    }

    @Test func `packed and listed peers may be mixed`() throws {
        let text =
            "d8:intervali9e5:peersld2:ip7:1.2.3.44:porti5eee6:peers618:" + String(repeating: "a", count: 18) + "e"
        guard case .accepted(let response) = try Self.decode(text) else { return #expect(Bool(false)) }
        #expect(response.peers.map { $0.endpoint.address.isV6 } == [false, true])
        #expect(response.interval == .seconds(9))
    }

    @Test func `entries that cannot be reached are passed over`() throws {
        let list =
            "ld2:ip11:example.org4:porti5eed2:ip7:1.2.3.44:porti0eed2:ip7:1.2.3.44:porti70000ee"
            + "d2:ip7:0.0.0.04:porti5ee3:abcd2:ip7:1.2.3.4ed2:ip7:1.2.3.54:porti5eee"
        guard case .accepted(let response) = try Self.decode("d8:intervali9e5:peers" + list + "e") else {
            return #expect(Bool(false))
        }
        #expect(response.peers == [TrackerPeer(PeerEndpoint("1.2.3.5:5")!)])
        let packed =
            Array("d8:intervali9e5:peers14:".utf8) + [1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 0, 1, 9, 9] + Array("e".utf8)
        guard case .accepted(let short) = try AnnounceReply(decoding: packed) else { return #expect(Bool(false)) }
        #expect(short.peers == [TrackerPeer(PeerEndpoint("1.2.3.4:1")!)])
    }

    @Test func `no more peers are taken than a client can use`() throws {
        let count = AnnounceReply.maximumPeers + 5
        let packed: [UInt8] = (0..<count).flatMap { [10, 0, UInt8($0 / 256), UInt8($0 % 256), 1, 1] as [UInt8] }
        let bytes = Array("d8:intervali9e5:peers\(packed.count):".utf8) + packed + Array("e".utf8)
        guard case .accepted(let response) = try AnnounceReply(decoding: bytes) else { return #expect(Bool(false)) }
        #expect(response.peers.count == AnnounceReply.maximumPeers)
    }

    @Test func `refusals say when to come back`() throws {
        for retry in [nil, .minutes(7), .never] as [TrackerRefusal.Retry?] {
            let reply = AnnounceReply.refused(TrackerRefusal(reason: "no such torrent", retry: retry))
            #expect(try AnnounceReply(decoding: reply.encoded()) == reply)
        }
        let shown = try Self.decode("d14:failure reason5:a\nb\u{1b}c8:retry in1:5e")
        #expect(shown == .refused(TrackerRefusal(reason: "a b c", retry: .minutes(5))))
    }

    @Test func `strange numbers are tamed`() throws {
        let text = "d8:completei-5e8:intervali-1e12:min intervali9223372036854775807e5:peers0:e"
        guard case .accepted(let response) = try Self.decode(text) else { return #expect(Bool(false)) }
        #expect(response.complete == 0 && response.interval == .zero)
        #expect(response.minimumInterval == .seconds(31_536_000))
        guard case .accepted(let bare) = try Self.decode("d5:peers0:e") else { return #expect(Bool(false)) }
        #expect(bare.interval == AnnounceReply.defaultInterval)
    }

    @Test(arguments: [
        ("<html>", "the tracker's answer is not a bencoded dictionary: "),
        ("", "the tracker's answer is not a bencoded dictionary: "),
        ("i5e", "the tracker's answer is not a bencoded dictionary: it is another kind of value"),
        ("de", "the tracker's answer has no 'interval'"),
        ("d8:interval1:x5:peers0:e", "the tracker's answer has a wrong type at 'interval'"),
        ("d8:intervali5e5:peersi5ee", "the tracker's answer has a wrong type at 'peers'"),
        ("d8:intervali5e6:peers6dee", "the tracker's answer has a wrong type at 'peers6'"),
        ("d14:failure reasoni1ee", "the tracker's answer has a wrong type at 'failure reason'"),
    ])
    func `what is wrong with an answer is said`(text: String, reason: String) {
        let error = #expect(throws: TrackerReplyError.self) { try Self.decode(text) }
        #expect(error?.description.hasPrefix(reason) == true)
    }

    @Test func `an endless answer is refused`() {
        let bytes = [UInt8](repeating: 0x64, count: AnnounceReply.maximumLength + 1)
        #expect(throws: TrackerReplyError.tooLong(AnnounceReply.maximumLength)) { try AnnounceReply(decoding: bytes) }
    }

    @Test func `every beginning and every damage of an answer is read or refused`() {
        let bytes = AnnounceReply.accepted(Self.response).encoded(compact: false)
        for end in bytes.indices { _ = try? AnnounceReply(decoding: bytes[..<end]) }
        var random = SplitMix64(seed: 3)
        for _ in 0..<3_000 {
            var damaged = bytes
            for _ in 0..<3 {
                damaged[Int(random.next(below: UInt64(damaged.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? AnnounceReply(decoding: damaged)
            _ = try? ScrapeReply(decoding: damaged)
        }
    }
}
