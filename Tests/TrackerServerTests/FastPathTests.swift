// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerServer
import TrackerWire

@Suite struct FastPathTests {
    private static let heads = [
        "GET \(AnnounceServingTests.target(1)) HTTP/1.1\r\nHost: t\r\nAccept: */*\r\n\r\n",
        "GET \(AnnounceServingTests.target(1)) HTTP/1.1\r\n\r\n",
        "GET \(AnnounceServingTests.target(1)) HTTP/1.0\r\nConnection: Keep-Alive \r\n\r\n",
        "GET /scrape?info_hash=short HTTP/1.1\r\nHost: t\r\n\r\n", "GET /announce HTTP/1.1\r\nHost:t\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: t\r\n\r\n", "GET /k/announce HTTP/1.1\r\nHost: t\r\n\r\n",
        "GET \(AnnounceServingTests.target(1)) HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    ]

    /// Status and body without the interval, which varies.
    private static func told(_ response: TestClient.Response) throws -> String {
        let reply = try? AnnounceReply(decoding: response.body)
        guard case .accepted(let answer) = reply else { return "\(response.status) \(response.text)" }
        return "\(response.status) \(answer.incomplete ?? 0) \(answer.peers.count)"
    }

    @Test func `a request cut anywhere is answered as a whole one`() async throws {
        try await TestTracker.run { server in
            for head in Self.heads {
                let client = try TestClient(server.endpoints[0])
                try client.send(head)
                let whole = try Self.told(try client.response())
                let bytes = Array(head.utf8)
                for cut in stride(from: 1, to: bytes.count, by: 7) {
                    let client = try TestClient(server.endpoints[0])
                    try client.send(Array(bytes[..<cut]))
                    try client.send(Array(bytes[cut...]))
                    #expect(try Self.told(try client.response()) == whole, "cut at \(cut): \(head)")
                }
            }
        }
    }

    @Test func `requests of both ways mix on one connection`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            try client.send(Self.heads.joined())
            let statuses = try Self.heads.map { _ in try client.response().status }
            #expect(statuses == [200, 200, 200, 200, 200, 200, 404, 200])
        }
    }

    @Test func `who asks for the end gets it`() async throws {
        try await TestTracker.run { server in
            for line in ["HTTP/1.1\r\nConnection: close", "HTTP/1.0"] {
                let client = try TestClient(server.endpoints[0])
                try client.send("GET \(AnnounceServingTests.target(1)) \(line)\r\n\r\n")
                let response = try client.response()
                #expect(response.status == 200 && response.head.contains("Connection: close"))
                #expect(try client.isClosed())
            }
        }
    }

    @Test(arguments: [false, true])
    func `behind a proxy of ours the right-most address that is none is the peer's`(full: Bool) async throws {
        var configuration = TestTracker.configuration
        configuration.trustedProxies = AddressFilter(text: "127.0.0.0/8\n10.0.0.0/8".utf8)
        let way = full ? "Content-Length: 0\r\n" : ""
        try await TestTracker.run(configuration) { server in
            for (value, seen) in [
                ("192.0.2.1", "192.0.2.1"), ("198.51.100.9, 192.0.2.1", "192.0.2.1"),
                ("192.0.2.1, 10.1.1.1 , 127.0.0.1", "192.0.2.1"), ("10.1.1.1", "10.1.1.1"),
                ("198.51.100.9\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 10.1.1.1", "192.0.2.1"),
                ("[2001:db8::1]:99", "2001:db8::1"), ("2001:db8::1", "2001:db8::1"), ("192.0.2.1:77", "192.0.2.1"),
                ("nonsense", "127.0.0.1"), ("192.0.2.1, nonsense", "127.0.0.1"), ("", "127.0.0.1"),
            ] {
                let client = try TestClient(server.endpoints[0])
                try client.send(
                    "GET \(AnnounceServingTests.target(1)) HTTP/1.1\r\nX-Forwarded-For: \(value)\r\n\(way)\r\n")
                let answer = try AnnounceServingTests.accepted(try client.response())
                #expect(answer.externalAddress == IPAddress(seen), "\(value)")
            }
        }
    }

    @Test func `nobody else is believed`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            try client.send(
                "GET \(AnnounceServingTests.target(1)) HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
            #expect(try AnnounceServingTests.accepted(try client.response()).externalAddress == IPAddress("127.0.0.1"))
        }
    }
}
