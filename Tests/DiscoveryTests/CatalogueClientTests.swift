// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwarmModel
import Testing

@Suite struct CatalogueClientTests {
    private static let hash = InfoHash(repeating: 0xab)
    private static let row = """
        {"info_hash":"\(hash)","name":"a \\u001b[2J b","size":123,"files":2,"created":5,"seeds":1,"leechers":0,"new":true,"token":"t"}
        """

    private func with(
        timeout: Interval = .seconds(300), _ decide: @escaping @Sendable (TrackerStub.Request) -> TrackerStub.Reply,
        _ body: (CatalogueClient, TrackerStub) async throws -> Void
    ) async throws {
        let stub = try await TrackerStub(decide)
        let fetcher = HTTPFetcher(group: .singletonMultiThreadedEventLoopGroup, logger: Logger(label: "test"))
        try await body(CatalogueClient(fetcher: fetcher, timeout: timeout), stub)
        await fetcher.shutdown()
        try await stub.close()
    }

    @Test func `a torrent file is registered as it is`() async throws {
        try await self.with({ _ in .body(.created, Array(Self.row.utf8)) }) { client, stub in
            let receipt = try await client.share([1, 2, 255], at: stub.url())
            #expect(receipt.isNew && receipt.token == "t")
            #expect(receipt.record.infoHash == Self.hash && receipt.record.size == 123 && receipt.record.files == 2)
            #expect(receipt.record.name == "a \u{fffd}[2J b", "a name does not steer terminals")
            let request = try #require(stub.requests.first)
            #expect(request.method == .POST && request.uri == "/v1/catalogue" && request.body == [1, 2, 255])
            #expect(request.headers["content-type"] == ["application/x-bittorrent"])
        }
    }

    @Test func `searches and names are sent encoded and lists are read`() async throws {
        try await self.with({ _ in .text("[\(Self.row),\(Self.row)]") }) { client, stub in
            let searched = try await client.search("ä b&c", at: stub.url())
            let found = try await client.find(name: "x/y", at: stub.url("/some/announce?pass=1"))
            #expect(searched.count == 2 && found.count == 2)
            #expect(stub.requests.map(\.uri) == ["/v1/catalogue?q=%c3%a4%20b%26c", "/v1/catalogue?name=x%2fy"])
        }
    }

    @Test func `entries and their files are fetched by hash`() async throws {
        try await self.with({ $0.uri.hasSuffix("/metainfo") ? .body(.ok, [9, 8]) : .text(Self.row) }) { client, stub in
            let entry = try await client.entry(Self.hash, at: stub.url())
            let metainfo = try await client.metainfo(Self.hash, at: stub.url())
            #expect(entry.seeds == 1 && metainfo == [9, 8])
            #expect(stub.requests.map(\.uri) == ["/v1/catalogue/\(Self.hash)", "/v1/catalogue/\(Self.hash)/metainfo"])
        }
    }

    @Test func `what goes wrong is told in the tracker's words`() async throws {
        let decide: @Sendable (TrackerStub.Request) -> TrackerStub.Reply = { request in
            if request.method == .POST { return .body(.badRequest, Array(#"{"error":"not a torrent"}"#.utf8)) }
            if request.uri.contains("?q=") { return .text("<html>nginx") }
            if request.uri.contains("?name=") { return .text(#"[{"info_hash":5}]"#) }
            return .body(.notFound, Array(#"{"error":"no such torrent"}"#.utf8))
        }
        try await self.with(decide) { client, stub in
            await #expect(throws: CatalogueError.refused(400, "not a torrent")) {
                try await client.share([], at: stub.url())
            }
            await #expect(throws: CatalogueError.notFound("no such torrent")) {
                try await client.metainfo(Self.hash, at: stub.url())
            }
            await #expect(
                throws: CatalogueError.garbage(
                    "the tracker's answer is not a catalogue's JSON; it begins \"<html>nginx\"")
            ) { try await client.search("x", at: stub.url()) }
            await #expect(throws: CatalogueError.self) { try await client.find(name: "x", at: stub.url()) }
            await #expect(throws: CatalogueError.unsupported("nonsense is not a tracker's announce URL")) {
                try await client.search("x", at: "nonsense")
            }
        }
    }

    @Test func `a server that is no tracker of ours is told by its status, not by its page`() async throws {
        let decide: @Sendable (TrackerStub.Request) -> TrackerStub.Reply = { request in
            let page = Array("<html><body>nginx".utf8)
            if request.uri.contains("?q=") { return .body(.badGateway, page) }
            if request.uri.contains("?name=") { return .body(.badGateway, Array("plain words".utf8)) }
            return .body(.notFound, page)
        }
        try await self.with(decide) { client, stub in
            await #expect(throws: CatalogueError.notFound("it has no catalogue (HTTP 404)")) {
                try await client.metainfo(Self.hash, at: stub.url())
            }
            let error = await #expect(throws: CatalogueError.self) { try await client.search("x", at: stub.url()) }
            #expect(error?.description == "the tracker refused (HTTP 502)")
            await #expect(throws: CatalogueError.refused(502, "plain words")) {
                try await client.find(name: "x", at: stub.url())
            }
        }
    }

    @Test func `a list past the limit and a silent tracker end with an error`() async throws {
        try await self.with({ _ in .body(.ok, [UInt8](repeating: 0x20, count: (4 << 20) + 1)) }) { client, stub in
            await #expect(throws: CatalogueError.garbage("the answer is larger than 4194304 bytes")) {
                try await client.search("x", at: stub.url())
            }
        }
        try await self.with(timeout: .milliseconds(100), { _ in .silence }) { client, stub in
            await #expect(throws: CatalogueError.unreachable("no answer within 0.1 s")) {
                try await client.search("x", at: stub.url())
            }
        }
    }

    @Test func `a UDP announce URL leads to the catalogue beside it`() async throws {
        try await self.with({ _ in .text("[]") }) { client, stub in
            let found = try await client.search("x", at: "udp://127.0.0.1:\(stub.port)/announce")
            #expect(found.isEmpty)
        }
    }
}
