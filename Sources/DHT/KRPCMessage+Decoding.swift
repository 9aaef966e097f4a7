// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

extension KRPCMessage {
    /// Enough for every message of `maximumLength` bytes that makes sense.
    private static let limits = BencodeLimits(bytes: maximumLength, depth: 6, values: 512)

    /// Reads a datagram. Lists are cut to what is used of them; keys that are not known are passed over.
    package init(decoding datagram: some Collection<UInt8>) throws(KRPCFault) {
        guard datagram.count <= Self.maximumLength,
            let value = try? BencodeValue(parsing: datagram, limits: Self.limits),
            let top = value.dictionary,
            let transaction = top["t"]?.bytes, (1...Self.maximumTransactionLength).contains(transaction.count)
        else { throw .garbage }
        let name = Array(transaction)
        switch top["y"]?.bytes?.first {
        case UInt8(ascii: "q"):
            do throws(KRPCError) {
                self.init(transaction: name, .query(try KRPCQuery(decoding: top)))
            } catch {
                throw .refused(transaction: name, error)
            }
        case UInt8(ascii: "r"):
            guard let response = top["r"]?.dictionary.flatMap(KRPCResponse.init(decoding:)) else { throw .garbage }
            self.init(transaction: name, .response(response))
        case UInt8(ascii: "e"):
            let parts = top["e"]?.list ?? []
            let code = parts.first?.integer.flatMap { Int(exactly: $0) } ?? 201
            let text = String(decoding: (parts.dropFirst().first?.bytes ?? []).prefix(200), as: UTF8.self)
            self.init(transaction: name, .error(KRPCError(code: code, text: text)))
        default: throw .garbage
        }
        self.isReadOnly = top["ro"]?.integer == 1
        self.requester = top["ip"]?.bytes.flatMap { PeerEndpoint(compact: $0) }
    }
}

extension KRPCQuery {
    fileprivate init(decoding top: BencodeDictionary) throws(KRPCError) {
        guard let arguments = top["a"]?.dictionary else { throw .protocolError("no arguments") }
        guard let sender = arguments["id"]?.bytes.flatMap({ NodeID(bytes: $0) }) else {
            throw .protocolError("the id must have twenty bytes")
        }
        let question: Question
        switch top["q"]?.string {
        case "ping": question = .ping
        case "find_node":
            guard let target = arguments["target"]?.bytes.flatMap({ NodeID(bytes: $0) }) else {
                throw .protocolError("the target must have twenty bytes")
            }
            question = .findNode(target)
        case "get_peers":
            question = .getPeers(
                try Self.infoHash(arguments), excludesSeeds: arguments["noseed"]?.integer == 1,
                wantsCounts: arguments["scrape"]?.integer == 1)
        case "announce_peer": question = .announcePeer(try KRPCAnnouncement(decoding: arguments))
        default: throw .unknownMethod
        }
        self.init(sender: sender, question, wants: Self.wants(arguments["want"]))
    }

    fileprivate static func infoHash(_ arguments: BencodeDictionary) throws(KRPCError) -> InfoHash {
        guard let infoHash = arguments["info_hash"]?.bytes.flatMap({ InfoHash(bytes: $0) }) else {
            throw .protocolError("the info_hash must have twenty bytes")
        }
        return infoHash
    }

    private static func wants(_ value: BencodeValue?) -> AddressFamilies? {
        guard let list = value?.list else { return nil }
        var families: AddressFamilies = []
        for word in list.prefix(8) {
            if word.string == "n4" { families.insert(.v4) }
            if word.string == "n6" { families.insert(.v6) }
        }
        return families.isEmpty ? nil : families
    }
}

extension KRPCAnnouncement {
    fileprivate init(decoding arguments: BencodeDictionary) throws(KRPCError) {
        let infoHash = try KRPCQuery.infoHash(arguments)
        guard let token = arguments["token"]?.bytes, token.count <= KRPCResponse.maximumTokenLength else {
            throw .protocolError("no token")
        }
        var port: UInt16?
        if (arguments["implied_port"]?.integer ?? 0) == 0 {
            guard let named = arguments["port"]?.integer.flatMap({ UInt16(exactly: $0) }), named != 0 else {
                throw .protocolError("the port must be 1 to 65535")
            }
            port = named
        }
        self.init(
            infoHash: infoHash, port: port, token: Array(token), isSeed: arguments["seed"]?.integer == 1)
    }
}

extension KRPCResponse {
    /// Peers and nodes of one answer that are looked at.
    private static let peerLimit = 200
    private static let nodeLimit = 32

    fileprivate init?(decoding answer: BencodeDictionary) {
        guard let sender = answer["id"]?.bytes.flatMap({ NodeID(bytes: $0) }) else { return nil }
        self.init(sender: sender)
        guard let nodes = NodeContact.list(compact: answer["nodes"]?.bytes ?? [], isV6: false),
            let nodes6 = NodeContact.list(compact: answer["nodes6"]?.bytes ?? [], isV6: true)
        else { return nil }
        self.nodes = Array(nodes.prefix(Self.nodeLimit))
        self.nodes6 = Array(nodes6.prefix(Self.nodeLimit))
        self.peers = (answer["values"]?.list ?? []).prefix(Self.peerLimit).compactMap { value in
            value.bytes.flatMap { PeerEndpoint(compact: $0) }
        }
        if let token = answer["token"]?.bytes, token.count <= Self.maximumTokenLength { self.token = Array(token) }
        if let peers = answer["BFpe"]?.bytes.flatMap({ AddressBloomFilter(bytes: $0) }),
            let seeds = answer["BFsd"]?.bytes.flatMap({ AddressBloomFilter(bytes: $0) })
        {
            self.counts = AnnouncedCounts(seeds: seeds, peers: peers)
        }
    }
}
