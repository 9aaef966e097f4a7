// SPDX-License-Identifier: Apache-2.0

import Bencode
import FoundationEssentials
import Metainfo
import SwarmModel
import Testing
import TrackerServer
import TrackerWire

private struct Entry: Decodable {
    let info_hash: String
    let name: String
    let size: Int
    let files: Int
    let created: Int
    let seeds: Int
    let leechers: Int
    let new: Bool?
    let token: String?
}

private struct Problem: Decodable {
    let error: String
}

@Suite struct CatalogueTests {
    /// A v1 torrent of two files.
    static func torrent(_ name: String, length: Int = 70_000) -> [UInt8] {
        let files: BencodeTree = [
            ["length": .integer(Int64(length)), "path": ["a.txt"]], ["length": 5, "path": ["folder", "b.txt"]],
        ]
        let pieces = [UInt8](repeating: 7, count: ((length + 5 + 16383) / 16384) * 20)
        let info: BencodeTree = [
            "files": files, "name": .string(name), "piece length": 16384, "pieces": .bytes(pieces),
        ]
        return (["announce": "http://t/announce", "info": info] as BencodeTree).encoded
    }

    private static func folder() -> String {
        FileManager.default.temporaryDirectory.path() + "swarm-catalogue-\(UUID().uuidString)"
    }

    private static func entry(_ response: TestClient.Response) throws -> Entry {
        try JSONDecoder().decode(Entry.self, from: Data(response.body))
    }

    private static func names(_ client: TestClient, _ query: String) throws -> [String] {
        let response = try client.get("/v1/catalogue" + query)
        #expect(response.status == 200)
        return try JSONDecoder().decode([Entry].self, from: Data(response.body)).map(\.name)
    }

    private static func problem(_ response: TestClient.Response) throws -> String {
        try JSONDecoder().decode(Problem.self, from: Data(response.body)).error
    }

    @Test func `a torrent goes in, is found and comes out as it was`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            let torrent = Self.torrent("Big Data \"2026\"")
            let response = try client.post("/v1/catalogue", torrent)
            #expect(response.status == 201)
            let entry = try Self.entry(response)
            #expect(entry.name == "Big Data \"2026\"" && entry.size == 70_005 && entry.files == 2)
            #expect(entry.new == true && entry.token?.utf8.count == 32)
            #expect(entry.info_hash == (try Metainfo(parsing: torrent)).infoHash.description)
            #expect(try client.get("/v1/catalogue/\(entry.info_hash)/metainfo").body == torrent)
            #expect(try Self.entry(try client.get("/v1/catalogue/\(entry.info_hash)")).created == entry.created)
            #expect(try Self.names(client, "?name=Big%20Data%20%222026%22") == [entry.name])
            #expect(try Self.names(client, "?name=big%20data%20%222026%22") == [])
        }
    }

    @Test func `sharing twice is sharing once, and gives the token to nobody else`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            let torrent = Self.torrent("once")
            let mine = "Authorization: Bearer my-own-secret-token\r\n"
            #expect(
                try Self.entry(try client.post("/v1/catalogue", torrent, extra: mine)).token == "my-own-secret-token")
            let again = try client.post("/v1/catalogue", torrent)
            #expect(again.status == 200)
            let entry = try Self.entry(again)
            #expect(entry.new == false && entry.token == nil)
            #expect(
                try Self.entry(try client.post("/v1/catalogue", torrent, extra: mine)).token == "my-own-secret-token")
            #expect(try Self.names(client, "").count == 1)
        }
    }

    @Test func `a search looks for all words, in any case, newest first`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            for name in ["Debian 12 amd64", "debian 13 AMD64", "100% pure_gold", "Ärger"] {
                #expect(try client.post("/v1/catalogue", Self.torrent(name)).status == 201)
            }
            #expect(try Self.names(client, "?q=debian") == ["debian 13 AMD64", "Debian 12 amd64"])
            #expect(try Self.names(client, "?q=AMD64+debian+12") == ["Debian 12 amd64"])
            #expect(try Self.names(client, "?q=0%25") == ["100% pure_gold"])
            #expect(try Self.names(client, "?q=e_g") == ["100% pure_gold"])
            #expect(try Self.names(client, "?q=n_1") == [])
            #expect(try Self.names(client, "?q=%C3%A4rger") == ["Ärger"])
            #expect(try Self.names(client, "?limit=1") == ["Ärger"])
            #expect(try Self.names(client, "?limit=2&offset=1") == ["100% pure_gold", "debian 13 AMD64"])
        }
    }

    @Test func `entries tell who takes part`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            let torrent = Self.torrent("busy")
            let hash = try Metainfo(parsing: torrent).infoHash
            _ = try client.post("/v1/catalogue", torrent)
            for number in 0..<3 {
                _ = try client.get(
                    AnnounceServingTests.target(number, left: number == 0 ? 0 : 1) { $0.infoHash = hash })
            }
            let entry = try Self.entry(try client.get("/v1/catalogue/\(hash)"))
            #expect(entry.seeds == 1 && entry.leechers == 2)
        }
    }

    @Test func `it survives a restart`() async throws {
        var configuration = TestTracker.configuration
        configuration.stateDirectory = Self.folder() + "/deep/er"
        defer { try? FileManager.default.removeItem(atPath: configuration.stateDirectory!) }
        let torrent = Self.torrent("lasting")
        let hash = try Metainfo(parsing: torrent).infoHash
        var token: String?
        try await TestTracker.run(configuration) { server in
            token = try Self.entry(try TestClient(server.endpoints[0]).post("/v1/catalogue", torrent)).token
        }
        try await TestTracker.run(configuration) { server in
            let client = try TestClient(server.endpoints[0])
            #expect(try client.get("/v1/catalogue/\(hash)/metainfo").body == torrent)
            let bearer = "Authorization: Bearer \(try #require(token))\r\n"
            #expect(try client.delete("/v1/catalogue/\(hash)", extra: bearer).status == 200)
            #expect(try client.get("/v1/catalogue/\(hash)").status == 404)
            #expect(try client.delete("/v1/catalogue/\(hash)").status == 404)
        }
    }

    @Test func `one state folder serves one tracker`() async throws {
        var configuration = TestTracker.configuration
        configuration.stateDirectory = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: configuration.stateDirectory!) }
        let path = configuration.stateDirectory!
        try await TestTracker.run(configuration) { [configuration] _ in
            let error = await #expect(throws: TrackerServerError.self) {
                try await TrackerServer.start(configuration, logger: TestTracker.quiet)
            }
            #expect(error?.description == "state_dir \(path) is in use by another tracker")
        }
    }

    @Test func `what is no torrent is refused with its place`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            for (body, words) in [
                ([], "the body is empty"), (Array("hello".utf8), "not a usable torrent file"),
                (Array("de".utf8), "\"info\" is missing"),
                (Array("d4:infod4:name1:xee".utf8), "info.piece length"),
            ] as [([UInt8], String)] {
                let response = try client.post("/v1/catalogue", body)
                #expect(response.status == 400)
                let problem = try Self.problem(response)
                #expect(problem.contains(words), "\(problem)")
            }
        }
    }

    @Test func `questions that make no sense are refused`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            let hash = String(repeating: "0", count: 40)
            for (target, status) in [
                ("/v1/catalogue/xyz", 400), ("/v1/catalogue/\(hash)", 404), ("/v1/catalogue/\(hash)/metainfo", 404),
                ("/v1/catalogue/\(hash)/other", 404), ("/v1/catalogue/\(hash)/metainfo/x", 404),
                ("/v1/catalogues", 404), ("/v1/catalogue?limit=x", 400), ("/v1/catalogue?x=1", 400),
                ("/v1/catalogue?q=%zz", 400), ("/v1/catalogue/", 200), ("/v1//catalogue", 404),
            ] {
                #expect(try client.get(target).status == status, "\(target)")
            }
            #expect(try client.delete("/v1/catalogue").status == 405)
            #expect(try client.post("/v1/catalogue/\(hash)", [1]).status == 405)
            #expect(try client.get("/v1/catalogue", extra: "Authorization: Basic x\r\n").status == 200)
            #expect(try client.post("/v1/catalogue", [1], extra: "Authorization: Basic x\r\n").status == 400)
        }
    }

    @Test func `its limits hold`() async throws {
        var configuration = TestTracker.configuration
        configuration.catalogue.entries = 2
        configuration.catalogue.metainfoBytes = 2000
        try await TestTracker.run(configuration) { server in
            let client = try TestClient(server.endpoints[0])
            #expect(try client.post("/v1/catalogue", Self.torrent("a")).status == 201)
            #expect(try client.post("/v1/catalogue", Self.torrent("b")).status == 201)
            #expect(try client.post("/v1/catalogue", Self.torrent("c")).status == 507)
            #expect(try client.post("/v1/catalogue", Self.torrent("a")).status == 200)
            #expect(try client.post("/v1/catalogue", [UInt8](repeating: 1, count: 2001)).status == 413)
            let chunked = try TestClient(server.endpoints[0])
            try chunked.send("POST /v1/catalogue HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<3 { try chunked.send("400\r\n" + String(repeating: "x", count: 1024) + "\r\n") }
            try chunked.send("0\r\n\r\n")
            #expect(try chunked.response().status == 413)
            #expect(try chunked.get("/health").status == 200)
        }
    }

    @Test func `a large torrent file passes, announced with 100-continue`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            let torrent = Self.torrent("large", length: 16384 * 400_000)
            try client.send(
                "POST /v1/catalogue HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: \(torrent.count)\r\n\r\n"
            )
            #expect(try client.response().status == 100)
            try client.send(torrent)
            let entry = try Self.entry(try client.response())
            #expect(try client.get("/v1/catalogue/\(entry.info_hash)/metainfo").body == torrent)
        }
    }

    @Test func `it can be turned off`() async throws {
        var configuration = TestTracker.configuration
        configuration.catalogue.entries = 0
        try await TestTracker.run(configuration) { server in
            let client = try TestClient(server.endpoints[0])
            #expect(try client.get("/v1/catalogue").status == 404)
            #expect(try client.post("/v1/catalogue", Self.torrent("a")).status == 404)
        }
    }
}
