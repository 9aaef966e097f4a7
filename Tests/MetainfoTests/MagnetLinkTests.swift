// SPDX-License-Identifier: Apache-2.0

import Metainfo
import SwarmModel
import Testing

@Suite struct MagnetLinkTests {
    static let hash = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"

    @Test func `a whole link is written and read back alike`() throws {
        var link = try #require(
            MagnetLink(v1: InfoHash(hex: Self.hash), v2: InfoHashV2(hex: String(repeating: "ab", count: 32))))
        link.name = "a & b = ü+%"
        link.trackers = ["http://t/announce?x=1&y=2"]
        link.webSeeds = ["http://w/a b"]
        link.peers = [PeerEndpoint("1.2.3.4:80"), PeerEndpoint("[2001:db8::1]:6881")].compactMap(\.self)
        link.selectedFiles = [0, 2, 3, 4, 9]
        #expect(try MagnetLink(parsing: link.description) == link)
        #expect(link.description.hasSuffix("&x.pe=1.2.3.4:80&x.pe=[2001:db8::1]:6881&so=0,2-4,9"))
        #expect(link.infoHash.description == Self.hash)
    }

    @Test func `a link to a known torrent says what it knows`() throws {
        let sample = try SampleTorrent(kind: .hybrid) { $0.trackerTiers = [["http://a"], ["http://b"]] }
        let metainfo = try Metainfo(parsing: sample.torrent)
        let link = try MagnetLink(parsing: MagnetLink(metainfo).description)
        #expect(link.infoHashV1 == metainfo.infoHashV1 && link.infoHashV2 == metainfo.infoHashV2)
        #expect(link.name == "sample" && link.trackerTiers == [["http://a"], ["http://b"]])
    }

    @Test func `bare hashes are links`() throws {
        #expect(try MagnetLink(parsing: Self.hash.uppercased()).infoHashV1?.description == Self.hash)
        let v2 = String(repeating: "0f", count: 32)
        #expect(try MagnetLink(parsing: v2).infoHashV2?.description == v2)
        #expect(try MagnetLink(parsing: "1220" + v2).infoHashV2?.description == v2)
        for text in ["", "http://x", "abc", "magnet:", Self.hash + "0"] {
            #expect(throws: MagnetLinkError.notMagnet) { try MagnetLink(parsing: text) }
        }
    }

    @Test func `what is wrong with a link is told`() {
        #expect(throws: MagnetLinkError.badEscape(in: "urn%%3A")) { try MagnetLink(parsing: "magnet:?xt=urn%%3A") }
        #expect(throws: MagnetLinkError.noHash) { try MagnetLink(parsing: "magnet:?xt=urn:sha1:abc&dn=x") }
        #expect(throws: MagnetLinkError.badHash("urn:btih:zz")) { try MagnetLink(parsing: "magnet:?xt=urn:btih:zz") }
        let long = "magnet:?xt=urn:btih:\(Self.hash)&dn=" + String(repeating: "x", count: 300_000)
        #expect(throws: MagnetLinkError.tooLong(bytes: long.utf8.count)) { try MagnetLink(parsing: long) }
    }

    @Test func `parts that are not well-formed are left out`() throws {
        let link = try MagnetLink(
            parsing:
                "MAGNET:?xt.1=urn:btih:\(Self.hash)&x.pe=host:80&x.pe=1.2.3.4:0&x.pe=1.2.3.4&x.pe=5.6.7.8:9&tr=&ws=&dn=100%&&="
        )
        #expect(link.peers.map(\.description) == ["5.6.7.8:9"])
        #expect(link.trackers == [] && link.webSeeds == [] && link.name == "100%")
    }

    @Test func `overlapping selections come to each file once and huge ones to none`() throws {
        func selected(_ text: String) throws -> [Int] {
            try MagnetLink(parsing: "magnet:?xt=urn:btih:\(Self.hash)&so=\(text)").selectedFiles
        }
        #expect(try selected("5-7,1,6-9,1-2,8") == [1, 2, 5, 6, 7, 8, 9])
        #expect(try selected("3-1,-,1-,--,4-5-6,99999999999999999999") == [])
        #expect(try selected("0-99999999999") == [])
        let many = Array(repeating: "0-999999", count: 20_000).joined(separator: ",")
        #expect(try selected(many).count == 1_000_000)
    }
}
