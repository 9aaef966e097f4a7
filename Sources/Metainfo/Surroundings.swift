// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

/// What a .torrent file says outside its info dictionary. None of it is essential: what is not well-formed is left out
/// and never makes the torrent unreadable.
///
/// Policy: `announce-list` counts when it names a tracker, else `announce`. URLs are freed of white space around them;
/// repeated ones are dropped. The URL of a web seed for several files gets a `/` at its end, and what no URL may contain
/// is percent-encoded.
struct Surroundings: Hashable, Sendable {
    var trackerTiers: [[String]] = []
    var webSeeds: [String] = []
    var httpSeeds: [String] = []
    var dhtNodes: [DHTNode] = []
    var similar: [InfoHash] = []
    var collections: [String] = []
    var comment: String?
    var createdBy: String?
    var creationDate: Int64?

    init(trackerTiers: [[String]] = [], webSeeds: [String] = [], isSingleFile: Bool = true) {
        self.trackerTiers = Self.tiers(trackerTiers)
        self.webSeeds = Self.seeds(webSeeds, isSingleFile: isSingleFile)
    }

    init(_ top: DictionaryReader, info: BencodeValue, isSingleFile: Bool) {
        let listed = (top["announce-list"]?.list ?? []).map { Self.texts($0) }
        self.trackerTiers = Self.tiers(listed)
        if self.trackerTiers.isEmpty, let announce = top["announce"] {
            self.trackerTiers = Self.tiers([Self.texts(announce)])
        }
        self.webSeeds = Self.seeds(Self.texts(top["url-list"]), isSingleFile: isSingleFile)
        self.httpSeeds = Self.seeds(Self.texts(top["httpseeds"]), isSingleFile: true)
        self.dhtNodes = (top["nodes"]?.list ?? []).prefix(MetainfoLimits.dhtNodes).compactMap(Self.node)
        self.similar = [top["similar"], info["similar"]].flatMap { $0?.list ?? [] }.compactMap { value in
            value.bytes.flatMap { InfoHash(bytes: $0) }
        }
        self.collections = Self.texts(top["collections"]) + Self.texts(info["collections"])
        self.comment = Self.text(top["comment.utf-8"]) ?? Self.text(top["comment"])
        self.createdBy = Self.text(top["created by.utf-8"]) ?? Self.text(top["created by"])
        self.creationDate = top["creation date"]?.integer
    }

    private static func text(_ value: BencodeValue?) -> String? {
        value?.bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A string, or a list of strings.
    private static func texts(_ value: BencodeValue?) -> [String] {
        guard let value else { return [] }
        return value.list?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
    }

    private static func node(_ value: BencodeValue) -> DHTNode? {
        guard let pair = value.list, pair.count == 2, let host = pair[0].string, !host.isEmpty,
            let number = pair[1].integer, let port = UInt16(exactly: number), port > 0
        else { return nil }
        return DHTNode(host: host, port: port)
    }

    private static func tiers(_ tiers: [[String]]) -> [[String]] {
        var seen = Set<String>()
        return tiers.compactMap { tier in
            let kept = tier.compactMap(Self.url).filter {
                seen.count < MetainfoLimits.trackers && seen.insert($0).inserted
            }
            return kept.isEmpty ? nil : kept
        }
    }

    private static func seeds(_ seeds: [String], isSingleFile: Bool) -> [String] {
        var seen = Set<String>()
        return seeds.compactMap { seed in
            guard let url = Self.url(seed), seen.count < MetainfoLimits.webSeeds else { return nil }
            let encoded = PercentEncoding.encodeIllegal(url)
            let whole = isSingleFile || encoded.hasSuffix("/") ? encoded : encoded + "/"
            return seen.insert(whole).inserted ? whole : nil
        }
    }

    /// A URL without white space around it; nil when nothing is left or it is too long.
    private static func url(_ text: String) -> String? {
        let isSpace = { (byte: UInt8) in byte <= 0x20 }
        guard let first = text.utf8.firstIndex(where: { !isSpace($0) }),
            let last = text.utf8.lastIndex(where: { !isSpace($0) }), text.utf8.count <= MetainfoLimits.urlBytes
        else { return nil }
        return String(text[first...last])
    }
}
