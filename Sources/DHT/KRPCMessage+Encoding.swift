// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

extension KRPCMessage {
    /// How we name ourselves: two letters of the client, two bytes of its version.
    private static let version: [UInt8] = [0x53, 0x4d, 0x00, 0x01]

    /// The datagram.
    package var encoded: [UInt8] {
        var writer = BencodeWriter(reserving: 512)
        writer.dictionary { writer in
            switch self.body {
            case .query(let query):
                writer.key("a")
                query.writeArguments(to: &writer)
            case .error(let error):
                writer.key("e")
                writer.list { writer in
                    writer.write(error.code)
                    writer.write(error.text)
                }
            case .response: break
            }
            self.writeRest(to: &writer)
        }
        return writer.bytes
    }

    /// The keys from `ip` on, in their order.
    private func writeRest(to writer: inout BencodeWriter) {
        if let requester = self.requester {
            writer.key("ip")
            writer.write(requester.compact)
        }
        switch self.body {
        case .query(let query):
            writer.key("q")
            writer.write(query.question.method)
            if self.isReadOnly {
                writer.key("ro")
                writer.write(1)
            }
        case .response(let response):
            writer.key("r")
            response.write(to: &writer)
        case .error: break
        }
        writer.key("t")
        writer.write(self.transaction)
        writer.key("v")
        writer.write(Self.version)
        writer.key("y")
        switch self.body {
        case .query: writer.write("q")
        case .response: writer.write("r")
        case .error: writer.write("e")
        }
    }
}

extension KRPCQuery.Question {
    /// What it is called on the wire.
    package var method: String {
        switch self {
        case .ping: "ping"
        case .findNode: "find_node"
        case .getPeers: "get_peers"
        case .announcePeer: "announce_peer"
        }
    }
}

extension KRPCQuery {
    fileprivate func writeArguments(to writer: inout BencodeWriter) {
        writer.dictionary { writer in
            writer.key("id")
            writer.write(self.sender.bytes)
            switch self.question {
            case .ping: break
            case .findNode(let target):
                writer.key("target")
                writer.write(target.bytes)
            case .getPeers(let infoHash, let excludesSeeds, let wantsCounts):
                writer.key("info_hash")
                writer.write(infoHash.bytes)
                if excludesSeeds {
                    writer.key("noseed")
                    writer.write(1)
                }
                if wantsCounts {
                    writer.key("scrape")
                    writer.write(1)
                }
            case .announcePeer(let announcement): announcement.write(to: &writer)
            }
            if let wants = self.wants {
                writer.key("want")
                writer.list { writer in
                    if wants.contains(.v4) { writer.write("n4") }
                    if wants.contains(.v6) { writer.write("n6") }
                }
            }
        }
    }
}

extension KRPCAnnouncement {
    fileprivate func write(to writer: inout BencodeWriter) {
        if self.port == nil {
            writer.key("implied_port")
            writer.write(1)
        }
        writer.key("info_hash")
        writer.write(self.infoHash.bytes)
        writer.key("port")
        writer.write(Int(self.port ?? 0))
        if self.isSeed {
            writer.key("seed")
            writer.write(1)
        }
        writer.key("token")
        writer.write(self.token)
    }
}

extension KRPCResponse {
    fileprivate func write(to writer: inout BencodeWriter) {
        writer.dictionary { writer in
            if let counts = self.counts {
                writer.key("BFpe")
                writer.write(counts.peers.bytes)
                writer.key("BFsd")
                writer.write(counts.seeds.bytes)
            }
            writer.key("id")
            writer.write(self.sender.bytes)
            if !self.nodes.isEmpty {
                writer.key("nodes")
                writer.write(self.nodes.flatMap(\.compact))
            }
            if !self.nodes6.isEmpty {
                writer.key("nodes6")
                writer.write(self.nodes6.flatMap(\.compact))
            }
            if let token = self.token {
                writer.key("token")
                writer.write(token)
            }
            if !self.peers.isEmpty {
                writer.key("values")
                writer.list { writer in
                    for peer in self.peers { writer.write(peer.compact) }
                }
            }
        }
    }
}
