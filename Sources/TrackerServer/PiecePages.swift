// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerCore
import TrackerWire

/// What is known of a torrent's pieces, as JSON for people and their tools: `/v1/torrents/HASH/availability`, `…/pieces`
/// and `…/pieces/NUMBER/peers`.
struct PiecePages {
    static let prefix: StaticString = "/v1/torrents/"
    /// Counts told on one page, and pieces or peers listed.
    private static let mostCounts = 65_536
    private static let mostListed = 1_000
    private static let listed = 50

    private let shards: SwarmShards

    init(shards: SwarmShards) {
        self.shards = shards
    }

    /// The page for `path`, which begins with `prefix`; `query` is what follows the question mark.
    func answer(
        _ path: Substring, query: Span<UInt8>, rules: AccessRules, passkey: [UInt8]?
    ) -> HTTPReply {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3).map { $0 }
        guard parts.count >= 2, let infoHash = InfoHash(hex: parts[0]) else {
            return .error(.notFound, "a torrent is named by the forty hexadecimal digits of its info-hash")
        }
        if let no = rules.rejection(of: infoHash, passkey: passkey) { return .error(.forbidden, no.description) }
        if let owner = self.shards.elsewhere(infoHash)?.first {
            return .error(.misdirected, "another tracker looks after this torrent: ask http://\(owner)\(path)")
        }
        guard let summary = self.shards.pieceSummary(of: infoHash) else {
            return .error(.notFound, "nobody takes part in this torrent")
        }
        switch (parts.count, parts[1]) {
        case (2, "availability"): return self.availability(infoHash, summary, query)
        case (2, "pieces"): return self.rarest(infoHash, summary, query)
        case (4, "pieces") where parts[3] == "peers":
            guard let piece = UInt32(parts[2]), Int(piece) < summary.pieces else {
                return .error(.notFound, "no such piece is known: this torrent has \(summary.pieces)")
            }
            return self.peers(infoHash, PieceIndex(piece), summary, query)
        default: return .error(.notFound, "a torrent has /availability, /pieces and /pieces/NUMBER/peers")
        }
    }

    private func availability(_ infoHash: InfoHash, _ summary: PieceSummary, _ query: Span<UInt8>) -> HTTPReply {
        var json = JSONWriter()
        json.object { json in
            Self.write(summary, infoHash, to: &json)
            json.field("minimum", summary.minimum)
            json.field("mean", summary.mean)
            json.field("distributed_copies", summary.distributedCopies)
            json.field("histogram") { json in json.list { json in summary.histogram.forEach { json.element($0) } } }
            guard let first = query.parameter("first") else { return }
            let counts =
                self.shards.availability(
                    of: infoHash, first: PieceIndex(UInt32(clamping: first)), Self.mostCounts)?.counts ?? []
            json.field("first", Int(clamping: first))
            json.field("counts") { json in json.list { json in counts.forEach { json.element(Int($0)) } } }
        }
        return HTTPReply(.ok, .json, json.bytes)
    }

    private func rarest(_ infoHash: InfoHash, _ summary: PieceSummary, _ query: Span<UInt8>) -> HTTPReply {
        let pieces = self.shards.rarest(Self.limit(query), of: infoHash, for: nil)
        var json = JSONWriter()
        json.object { json in
            Self.write(summary, infoHash, to: &json)
            json.field("rarest") { json in
                json.list { json in
                    for entry in pieces {
                        json.object { json in
                            json.field("piece", entry.piece.offset)
                            json.field("holders", Int(entry.holders))
                        }
                    }
                }
            }
        }
        return HTTPReply(.ok, .json, json.bytes)
    }

    private func peers(
        _ infoHash: InfoHash, _ piece: PieceIndex, _ summary: PieceSummary, _ query: Span<UInt8>
    ) -> HTTPReply {
        var selection = PeerSelection()
        var endpoints: [PeerEndpoint] = []
        var count = 0
        for isV6 in [false, true] {
            count = self.shards.holders(
                of: piece, in: infoHash, Self.limit(query), for: nil, isV6: isV6, &selection)
            endpoints += selection.endpoints
        }
        var json = JSONWriter()
        json.object { json in
            Self.write(summary, infoHash, to: &json)
            json.field("piece", piece.offset)
            json.field("holders", count)
            json.field("peers") { json in
                json.list { json in
                    for endpoint in endpoints.prefix(Self.limit(query)) { json.element(endpoint.description) }
                }
            }
        }
        return HTTPReply(.ok, .json, json.bytes)
    }

    private static func write(_ summary: PieceSummary, _ infoHash: InfoHash, to json: inout JSONWriter) {
        json.field("info_hash", infoHash.description)
        json.field("pieces", summary.pieces)
        json.field("seeds", summary.counts.complete)
        json.field("leechers", summary.counts.incomplete)
        json.field("reporting", summary.reporters)
    }

    private static func limit(_ query: Span<UInt8>) -> Int {
        Int(clamping: min(query.parameter("limit") ?? UInt64(Self.listed), UInt64(Self.mostListed)))
    }
}

extension Span<UInt8> {
    /// The number that the first parameter of this name has.
    func parameter(_ name: StaticString) -> UInt64? {
        var position = 0
        while let pair = self.queryPair(at: &position) {
            if self.matches(pair.name, name) { return self.number(pair.value) }
        }
        return nil
    }
}
