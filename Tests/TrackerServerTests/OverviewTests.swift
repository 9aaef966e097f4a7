// SPDX-License-Identifier: Apache-2.0

import Metainfo
import SwarmModel
import Testing
import TrackerServer
import TrackerWire

@Suite struct OverviewTests {
    private static func hash(_ number: Int) -> InfoHash {
        InfoHash(bytes: (0..<20).map { $0 == 19 ? UInt8(number) : 0xaa })!
    }

    private static func announce(_ web: TestClient, _ peer: Int, _ hash: InfoHash) throws {
        let answer = try web.get(AnnounceServingTests.target(peer) { $0.infoHash = hash })
        _ = try AnnounceServingTests.accepted(answer)
    }

    @Test func `the page shows torrents with the pieces by their holders, and runs and fetches nothing`() async throws {
        try await TestTracker.run { server in
            let udp = try TestDatagramClient(server.endpoints[0])
            let id = try udp.connect()
            for number in 1...3 {
                _ = try udp.announce(DatagramServingTests.request(number), id)
                let answer = try PieceServingTests.ask(udp) {
                    PieceServingTests.message(
                        number, PieceServingTests.pieces(10, 0..<number), connectionID: id, transaction: $0)
                }
                #expect(PieceServingTests.verdict(answer) == .known)
            }
            let page = try TestClient.get(server.endpoints[0], "/")
            #expect(page.status == 200 && page.head.contains("Content-Type: text/html; charset=utf-8\r\n"))
            #expect(page.head.contains("Content-Security-Policy: default-src 'none';"))
            #expect(page.text.contains("<p>1 torrents, 0 seeds, 3 leechers.</p>"))
            #expect(page.text.contains("<a href=\"/v1/torrents/\(AnnounceServingTests.hash)/availability\">"))
            for (holders, pieces) in [(0, 7), (1, 1), (2, 1), (3, 1)] {
                let stretch =
                    "<i class=\"h\(holders)\" style=\"flex-grow:\(pieces)\" title=\"\(pieces) pieces: \(holders) holders\">"
                #expect(page.text.contains(stretch), "\(stretch)")
            }
            for word in ["<script", "http://", "https://", "src="] { #expect(!page.text.contains(word), "\(word)") }
            let head = try TestClient(server.endpoints[0])
            try head.send("HEAD / HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(try head.response(isHead: true).status == 200)
            #expect(try head.post("/", []).status == 405)
        }
    }

    @Test func `names from the catalogue are text, whatever is in them`() async throws {
        try await TestTracker.run { server in
            let web = try TestClient(server.endpoints[0])
            let bytes = CatalogueTests.torrent("<script>alert('1' & \"2\")")
            #expect(try web.post("/v1/catalogue", bytes).status == 201)
            try Self.announce(web, 1, Metainfo(parsing: bytes).infoHash)
            let page = try web.get("/").text
            #expect(page.contains("<bdi>&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)</bdi>"))
            #expect(!page.contains("<script"))
        }
    }

    @Test func `the largest torrents come first, fifty a page`() async throws {
        try await TestTracker.run { server in
            let web = try TestClient(server.endpoints[0])
            for number in 0..<60 { try Self.announce(web, 1, Self.hash(number)) }
            for peer in 2...3 { try Self.announce(web, peer, Self.hash(33)) }
            let first = try web.get("/?page=1").text
            let order = first.split(separator: "\n").filter { $0.hasPrefix("<tr><td>") }
            #expect(order.count == 50)
            #expect(order[0].contains(Self.hash(33).description) && order[1].contains(Self.hash(0).description))
            #expect(first.contains("Page 1 of 2 · <a href=\"/?page=2\">next</a>"))
            let second = try web.get("/?page=2").text
            #expect(second.contains("Page 2 of 2 · <a href=\"/?page=1\">previous</a>"))
            for number in 0..<60 {
                let hash = Self.hash(number).description
                #expect(first.contains(hash) != second.contains(hash), "\(hash)")
            }
            for odd in ["0", "3", "18446744073709551615", "x", "-1"] {
                #expect(try web.get("/?page=\(odd)").status == 200, "\(odd)")
            }
        }
    }

    @Test func `strangers see the page only where it is public`() async throws {
        for isPublic in [false, true] {
            var configuration = TestTracker.configuration
            configuration.trustedProxies = AddressFilter(text: "127.0.0.0/8".utf8)
            configuration.publishesOverview = isPublic
            try await TestTracker.run(configuration) { server in
                let web = try TestClient(server.endpoints[0])
                #expect(try web.get("/", extra: "X-Forwarded-For: 203.0.113.9\r\n").status == (isPublic ? 200 : 403))
                #expect(try web.get("/", extra: "X-Forwarded-For: 203.0.113.9, 10.1.2.3\r\n").status == 200)
            }
        }
    }
}
