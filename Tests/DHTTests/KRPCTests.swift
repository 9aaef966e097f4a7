// SPDX-License-Identifier: Apache-2.0

import Bencode
import DHT
import SwarmModel
import Testing

@Suite struct KRPCTests {
    static let id = NodeID(bytes: Array("abcdefghij0123456789".utf8))!
    static let other = NodeID(bytes: Array("mnopqrstuvwxyz123456".utf8))!
    static let infoHash = InfoHash(bytes: Array("mnopqrstuvwxyz123456".utf8))!

    static func decoded(_ text: String) throws -> KRPCMessage { try KRPCMessage(decoding: Array(text.utf8)) }

    @Test func `the examples of BEP 5 are read`() throws {
        let ping = try Self.decoded("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe")
        #expect(ping == KRPCMessage(transaction: Array("aa".utf8), .query(KRPCQuery(sender: Self.id, .ping))))
        let find = try Self.decoded(
            "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe")
        #expect(find.body == .query(KRPCQuery(sender: Self.id, .findNode(Self.other))))
        let get = try Self.decoded(
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe")
        let question = KRPCQuery.Question.getPeers(Self.infoHash, excludesSeeds: false, wantsCounts: false)
        #expect(get.body == .query(KRPCQuery(sender: Self.id, question)))
        let announce = try Self.decoded(
            "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e"
                + "5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe")
        let announcement = KRPCAnnouncement(
            infoHash: Self.infoHash, port: nil, token: Array("aoeusnth".utf8), isSeed: false)
        #expect(announce.body == .query(KRPCQuery(sender: Self.id, .announcePeer(announcement))))
        let values = try Self.decoded(
            "d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re")
        var response = KRPCResponse(sender: Self.id)
        response.token = Array("aoeusnth".utf8)
        response.peers = [PeerEndpoint("97.120.106.101:11893")!, PeerEndpoint("105.100.104.116:28269")!]
        #expect(values.body == .response(response))
        let error = try Self.decoded("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee")
        #expect(error.body == .error(KRPCError(code: 201, text: "A Generic Error Ocurred")))
    }

    @Test func `what is written is read again and canonical`() throws {
        var response = KRPCResponse(sender: Self.id)
        response.nodes = [NodeContact(id: Self.other, endpoint: PeerEndpoint("192.0.2.7:6881")!)]
        response.nodes6 = [NodeContact(id: Self.other, endpoint: PeerEndpoint("[2001:db8::7]:6881")!)]
        response.peers = [PeerEndpoint("192.0.2.8:1")!]
        response.token = [1, 2, 3]
        var filter = AddressBloomFilter()
        filter.insert(IPAddress("192.0.2.8")!)
        response.counts = AnnouncedCounts(seeds: AddressBloomFilter(), peers: filter)
        let announcement = KRPCAnnouncement(infoHash: Self.infoHash, port: 80, token: [9], isSeed: true)
        let bodies: [KRPCMessage.Body] = [
            .query(KRPCQuery(sender: Self.id, .ping)),
            .query(KRPCQuery(sender: Self.id, .findNode(Self.other), wants: [.v4, .v6])),
            .query(KRPCQuery(sender: Self.id, .getPeers(Self.infoHash, excludesSeeds: true, wantsCounts: true))),
            .query(KRPCQuery(sender: Self.id, .announcePeer(announcement))),
            .response(KRPCResponse(sender: Self.id)), .response(response),
            .error(KRPCError(code: 203, text: "bad token")),
        ]
        for body in bodies {
            var message = KRPCMessage(transaction: [0, 255, 1, 2], body)
            if case .query = body { message.isReadOnly = true }
            if case .response = body { message.requester = PeerEndpoint("192.0.2.1:9")! }
            let datagram = message.encoded
            #expect(datagram.first == UInt8(ascii: "d"))
            #expect(try KRPCMessage(decoding: datagram) == message)
            #expect(try BencodeValue(parsing: datagram).isCanonical)
        }
    }

    @Test func `a cut message is refused wherever it is cut`() throws {
        let whole = KRPCMessage(transaction: [1], .query(KRPCQuery(sender: Self.id, .findNode(Self.other)))).encoded
        for count in 0..<whole.count {
            #expect(throws: KRPCFault.garbage) { try KRPCMessage(decoding: whole[..<count]) }
        }
    }

    @Test(
        arguments: [
            "d1:ad2:id19:abcdefghij012345678e1:q4:ping1:t2:aa1:y1:qe",
            "d1:ade1:q4:ping1:t2:aa1:y1:qe", "d1:q4:ping1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij0123456789e1:q9:find_node1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij01234567899:info_hash2:mne1:q9:get_peers1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti0e5:token1:ae1:q13:announce_peer"
                + "1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti65536e5:token1:ae"
                + "1:q13:announce_peer1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti1ee1:q13:announce_peer"
                + "1:t2:aa1:y1:qe",
            "d1:ad2:id20:abcdefghij0123456789e1:q4:vote1:t2:aa1:y1:qe",
        ])
    func `a query that lacks something is refused by name`(text: String) {
        do {
            let message = try Self.decoded(text)
            Issue.record("read as \(message)")
        } catch KRPCFault.refused(let transaction, _) {
            #expect(transaction == Array("aa".utf8))
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test(
        arguments: [
            "", "le", "de", "i1e", "d1:t0:1:y1:qe", "d1:t2:aa1:y1:xe", "d1:t2:aa1:y1:re",
            "d1:rd2:id20:abcdefghij01234567895:nodes25:aaaaaaaaaaaaaaaaaaaaaaaaae1:t2:aa1:y1:re",
            "d1:rd2:id3:abce1:t2:aa1:y1:re",
        ])
    func `what is no message is garbage`(text: String) {
        #expect(throws: KRPCFault.garbage) { try Self.decoded(text) }
    }

    @Test func `changed messages never do harm`() {
        var random = Seed.random("mutations")
        var response = KRPCResponse(sender: Self.id)
        response.nodes = (0..<8).map { _ in
            NodeContact(id: NodeID(random: &random), endpoint: PeerEndpoint("192.0.2.7:6881")!)
        }
        response.peers = [PeerEndpoint("192.0.2.8:1")!]
        let whole = KRPCMessage(transaction: [1, 2, 3, 4], .response(response)).encoded
        var understood = 0
        for _ in 0..<4_000 {
            var bytes = whole
            for _ in 0...random.next(below: 4) {
                bytes[Int(random.next(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            if let message = try? KRPCMessage(decoding: bytes) {
                understood += 1
                #expect(message.encoded.count <= KRPCMessage.maximumLength)
            }
        }
        #expect(understood > 0)
    }

    @Test func `a datagram longer than any message is refused unread`() {
        let padding = BencodeTree.bytes(Array(repeating: 0, count: 3_000))
        let long = BencodeTree.dictionary([
            "t": "aa", "y": "q", "q": "ping", "a": ["id": .bytes(Self.id.bytes), "x": padding],
        ]).encoded
        #expect(throws: KRPCFault.garbage) { try KRPCMessage(decoding: long) }
    }
}
