// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerWire

@Suite struct AnnounceRequestTests {
    static let hash = InfoHash(bytes: (0..<20).map { UInt8($0 * 13 % 256) })!
    static let peer = PeerID(bytes: Array("-SM0100-~!% &=+#?abc".utf8))!
    static let minimal =
        "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=6881"

    static var full: AnnounceRequest {
        var request = AnnounceRequest(infoHash: hash, peerID: peer, port: 51413, left: 7, event: .completed)
        request.uploaded = 1
        request.downloaded = .max
        request.wanted = 80
        request.isCompact = false
        request.omitsPeerID = true
        request.key = 0x0012_abcd
        request.trackerID = [0, 37, 255]
        request.address = IPAddress("192.0.2.1")
        request.endpointV4 = PeerEndpoint("192.0.2.7:99")
        request.endpointV6 = PeerEndpoint("[2001:db8::7]:98")
        return request
    }

    @Test func `every field survives the query`() throws {
        #expect(try AnnounceRequest(query: Self.full.query) == Self.full)
        let plain = AnnounceRequest(infoHash: Self.hash, peerID: Self.peer, port: 1, left: 0)
        #expect(try AnnounceRequest(query: plain.query) == plain)
    }

    @Test func `all byte values survive in hashes`() throws {
        for start in stride(from: 0, to: 256, by: 4) {
            let bytes = (0..<20).map { UInt8((start + $0) % 256) }
            let request = AnnounceRequest(
                infoHash: InfoHash(bytes: bytes)!, peerID: PeerID(bytes: bytes)!, port: 1, left: 0)
            let parsed = try AnnounceRequest(query: request.query)
            #expect(parsed.infoHash == request.infoHash && parsed.peerID == request.peerID)
        }
    }

    @Test func `a base that has a query keeps it, a fragment goes`() {
        let request = AnnounceRequest(infoHash: Self.hash, peerID: Self.peer, port: 1, left: 0)
        let query = request.query
        #expect(request.url(base: "http://t/announce") == "http://t/announce?" + query)
        #expect(request.url(base: "http://t/a?passkey=1") == "http://t/a?passkey=1&" + query)
        #expect(request.url(base: "http://t/a?") == "http://t/a?" + query)
        #expect(request.url(base: "http://t/a?x=1&") == "http://t/a?x=1&" + query)
        #expect(request.url(base: "http://t/a#part") == "http://t/a?" + query)
    }

    @Test func `a minimal announce wants to be answered packed and has everything left`() throws {
        let request = try AnnounceRequest(query: Self.minimal)
        #expect(request.isCompact && request.left == .max && request.event == .none && request.wanted == nil)
        #expect(request.key == nil && request.port == 6881)
    }

    @Test(arguments: [
        ("left=-1", 0), ("left=", UInt64.max), ("left=abc", .max), ("left=99999999999999999999999", .max),
        ("left=5", 5),
    ])
    func `strange numbers are forgiven`(text: String, left: UInt64) throws {
        #expect(try AnnounceRequest(query: Self.minimal + "&" + text).left == left)
    }

    @Test(
        arguments: [("numwant=-1", nil), ("numwant=", nil), ("numwant=0", 0), ("numwant=30", 30)] as [(String, Int?)])
    func `numwant may be absent in several ways`(text: String, wanted: Int?) throws {
        #expect(try AnnounceRequest(query: Self.minimal + "&" + text).wanted == wanted)
    }

    @Test(arguments: [
        ("event=started", AnnounceEvent.started), ("event=stopped", .stopped), ("event=completed", .completed),
        ("event=", .none), ("event=paused", .none), ("event=empty", .none), ("event", .none),
    ])
    func `events are read and others mean nothing`(text: String, event: AnnounceEvent) throws {
        #expect(try AnnounceRequest(query: Self.minimal + "&" + text).event == event)
    }

    @Test func `order, empty pairs and unknown parameters do not matter`() throws {
        let text = "&&supportcrypto=1&port=6881&x&=y&peer_id=bbbbbbbbbbbbbbbbbbbb&info_hash=aaaaaaaaaaaaaaaaaaaa&"
        #expect(try AnnounceRequest(query: text) == AnnounceRequest(query: Self.minimal))
    }

    @Test func `a key that is no number still tells peers apart`() throws {
        let one = try AnnounceRequest(query: Self.minimal + "&key=zzzz").key
        let two = try AnnounceRequest(query: Self.minimal + "&key=zzzy").key
        #expect(one != nil && two != nil && one != two)
        #expect(try AnnounceRequest(query: Self.minimal + "&key=1A2b").key == 0x1a2b)
    }

    @Test func `addresses of the wrong family or no address are nothing`() throws {
        let request = try AnnounceRequest(query: Self.minimal + "&ipv4=2001:db8::1&ipv6=1.2.3.4&ip=example.org")
        #expect(request.endpointV4 == nil && request.endpointV6 == nil && request.address == nil)
        let plain = try AnnounceRequest(query: Self.minimal + "&ipv6=2001:db8::1")
        #expect(plain.endpointV6 == PeerEndpoint("[2001:db8::1]:6881"))
    }

    @Test(arguments: [
        ("", "info_hash is missing"),
        ("info_hash=aaaaaaaaaaaaaaaaaaaa&port=1", "peer_id is missing"),
        ("info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb", "port is missing"),
        ("info_hash=abc", "info_hash must be 20 bytes, percent-encoded; it has 3"),
        ("info_hash=aaaaaaaaaaaaaaaaaaaaa", "info_hash must be 20 bytes, percent-encoded; it has 21"),
        ("peer_id=%zz", "peer_id: % must be followed by two hexadecimal digits"),
        ("peer_id=%1", "peer_id: % must be followed by two hexadecimal digits"),
        ("peer_id=%", "peer_id: % must be followed by two hexadecimal digits"),
        ("port=65536", "port must be a number from 1 to 65535"),
        ("port=x", "port must be a number from 1 to 65535"),
    ])
    func `what is wrong is said`(query: String, reason: String) {
        let error = #expect(throws: TrackerQueryError.self) { try AnnounceRequest(query: query) }
        #expect(error?.description == reason)
    }

    @Test func `an endless query is refused`() {
        let query = Self.minimal + "&x=" + String(repeating: "y", count: AnnounceRequest.maximumQueryLength)
        #expect(throws: TrackerQueryError.tooLong(AnnounceRequest.maximumQueryLength)) {
            try AnnounceRequest(query: query)
        }
    }

    @Test func `every beginning and every damage of a query is read or refused`() {
        let text = Array(Self.full.query.utf8)
        for end in text.indices {
            let beginning = Array(text[..<end])
            _ = try? AnnounceRequest(query: beginning.span)
        }
        var random = SplitMix64(seed: 7)
        for _ in 0..<3_000 {
            var damaged = text
            for _ in 0..<3 {
                damaged[Int(random.next(below: UInt64(damaged.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? AnnounceRequest(query: damaged.span)
            _ = try? ScrapeRequest(query: damaged.span)
        }
    }
}
