// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension MagnetLink {
    /// Reads a link, or a bare info-hash.
    package init(parsing text: String) throws(MagnetLinkError) {
        guard text.utf8.count <= MetainfoLimits.magnetBytes else { throw .tooLong(bytes: text.utf8.count) }
        let scheme = "magnet:?"
        guard text.prefix(scheme.count).lowercased() == scheme else {
            self = try Self.bare(text)
            return
        }
        let parts = text.dropFirst(scheme.count).split(separator: "&").map(Self.part)
        let (v1, v2) = try Self.hashes(parts)
        guard let link = MagnetLink(v1: v1, v2: v2) else { throw .noHash }
        self = link
        var selection = FileSelection()
        for (key, value) in parts {
            switch key {
            case "dn": self.name = self.name ?? Self.text(value, plusIsSpace: true)
            case "tr": Self.append(value, to: &self.trackers, limit: MetainfoLimits.trackers)
            case "ws": Self.append(value, to: &self.webSeeds, limit: MetainfoLimits.webSeeds)
            case "x.pe":
                guard let peer = PeerEndpoint(Self.text(value)), peer.port > 0 else { continue }
                if !self.peers.contains(peer) { self.peers.append(peer) }
            case "so": selection.add(Self.text(value))
            default: continue
            }
        }
        self.selectedFiles = selection.indices
    }

    /// Splits `key=value`; the key in lower case without a number behind a dot.
    private static func part(_ text: Substring) -> (key: String, value: Substring) {
        let split = text.firstIndex(of: "=") ?? text.endIndex
        let key = text[..<split].lowercased()
        let value = split == text.endIndex ? "" : text[text.index(after: split)...]
        guard let dot = key.lastIndex(of: "."), UInt16(key[key.index(after: dot)...]) != nil else {
            return (key, value)
        }
        return (String(key[..<dot]), value)
    }

    private static func hashes(
        _ parts: [(key: String, value: Substring)]
    ) throws(MagnetLinkError) -> (InfoHash?, InfoHashV2?) {
        var v1: InfoHash?
        var v2: InfoHashV2?
        for (key, value) in parts where key == "xt" {
            guard let bytes = PercentEncoding.decode(value) else { throw .badEscape(in: String(value.prefix(100))) }
            let topic = String(decoding: bytes, as: UTF8.self)
            let kind = topic.prefix(9).lowercased()
            let digits = topic.dropFirst(9)
            if kind == "urn:btih:" {
                guard let hash = self.v1(digits) else { throw .badHash(String(topic.prefix(100))) }
                v1 = v1 ?? hash
            } else if kind == "urn:btmh:" {
                guard let hash = self.v2(digits) else { throw .badHash(String(topic.prefix(100))) }
                v2 = v2 ?? hash
            }
        }
        return (v1, v2)
    }

    private static func bare(_ text: String) throws(MagnetLinkError) -> MagnetLink {
        let link = MagnetLink(v1: self.v1(text[...]), v2: InfoHashV2(hex: text) ?? self.v2(text[...]))
        guard let link else { throw .notMagnet }
        return link
    }

    private static func v1(_ digits: Substring) -> InfoHash? {
        switch digits.utf8.count {
        case 40: InfoHash(hex: digits)
        case 32: Base32.decode(digits).flatMap { InfoHash(bytes: $0) }
        default: nil
        }
    }

    /// A multihash: 0x12 says SHA-256, 0x20 says 32 bytes.
    private static func v2(_ digits: Substring) -> InfoHashV2? {
        digits.hasPrefix("1220") ? InfoHashV2(hex: digits.dropFirst(4)) : nil
    }

    /// A value as text; one with a bad escape stands for itself.
    private static func text(_ value: Substring, plusIsSpace: Bool = false) -> String {
        let spaced = plusIsSpace ? String(value.map { $0 == "+" ? " " : $0 }) : String(value)
        return PercentEncoding.decode(spaced).map { String(decoding: $0, as: UTF8.self) } ?? spaced
    }

    private static func append(_ value: Substring, to urls: inout [String], limit: Int) {
        let url = self.text(value)
        guard !url.isEmpty, url.utf8.count <= MetainfoLimits.urlBytes, urls.count < limit, !urls.contains(url) else {
            return
        }
        urls.append(url)
    }
}
