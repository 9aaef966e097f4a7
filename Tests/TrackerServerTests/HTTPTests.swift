// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerServer

@Suite struct HTTPTests {
    @Test func `garbage gets a 400 and the connection ends`() async throws {
        try await TestTracker.run { server in
            for garbage in ["hello\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}abcdefgh", "GET / HTTP/9.9\r\n\r\n", "GET\r\n\r\n"] {
                let client = try TestClient(server.endpoints[0])
                try client.send(garbage)
                #expect(try client.response().status == 400)
                #expect(try client.isClosed())
            }
            #expect(try TestClient.get(server.endpoints[0], "/health").status == 200)
        }
    }

    @Test func `headers without end are refused`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            try client.send("GET /health HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 100) + "\r\n")
            #expect(try client.response().status == 431)
            let long = try TestClient(server.endpoints[0])
            try long.send("GET /health HTTP/1.1\r\nx: " + String(repeating: "y", count: 20_000) + "\r\n\r\n")
            #expect(try long.response().status == 431)
        }
    }

    @Test func `what is not there is said, and the connection lives`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            #expect(try client.get("/nothing").status == 404)
            #expect(try client.get("/announcement").status == 404)
            #expect(try client.post("/announce", [1, 2, 3]).status == 405)
            #expect(try client.get("/health").status == 200)
        }
    }

    @Test func `connections end when the client wants it`() async throws {
        try await TestTracker.run { server in
            let closing = try TestClient(server.endpoints[0])
            let response = try closing.get("/health", extra: "Connection: close\r\n")
            #expect(response.head.contains("Connection: close\r\n"))
            #expect(try closing.isClosed())
            let old = try TestClient(server.endpoints[0])
            try old.send("GET /health HTTP/1.0\r\n\r\n")
            #expect(try old.response().status == 200)
            #expect(try old.isClosed())
            let kept = try TestClient(server.endpoints[0])
            try kept.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try kept.response().head.contains("Connection: keep-alive\r\n"))
            try kept.send("GET /health HTTP/1.0\r\n\r\n")
            #expect(try kept.response().status == 200)
        }
    }

    @Test func `who has finished sending still gets its answers`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            let request = "GET /v1/catalogue HTTP/1.1\r\nHost: t\r\n\r\nGET /health HTTP/1.1\r\nHost: t\r\n\r\n"
            try client.send(request)
            client.finishSending()
            #expect(try client.response().text == "[]")
            #expect(try client.response().text == "ok\n")
            #expect(try client.isClosed())
        }
    }

    @Test func `HEAD has no body`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            try client.send("HEAD /health HTTP/1.1\r\nHost: t\r\n\r\n")
            let response = try client.response(isHead: true)
            #expect(response.head.contains("Content-Length: 3\r\n"))
            #expect(try client.get("/health").text == "ok\n")
        }
    }

    @Test func `too many connections are told so`() async throws {
        var configuration = TestTracker.configuration
        configuration.maximumConnections = 3
        try await TestTracker.run(configuration) { server in
            let clients = try (0..<3).map { _ in try TestClient(server.endpoints[0]) }
            for client in clients { #expect(try client.get("/health").status == 200) }
            let refused = try TestClient(server.endpoints[0]).get("/announce")
            #expect(refused.status == 503)
            #expect(refused.text == "d14:failure reason36:the tracker has too many connections8:retry ini1ee")
            #expect(try clients[0].get("/metrics").text.contains("connections_refused_total 1\n"))
        }
    }

    @Test func `a silent connection is closed`() async throws {
        var configuration = TestTracker.configuration
        configuration.idleTimeout = .milliseconds(200)
        try await TestTracker.run(configuration) { server in
            let silent = try TestClient(server.endpoints[0])
            let slow = try TestClient(server.endpoints[0])
            try slow.send("GET /heal")
            #expect(try silent.isClosed())
            #expect(try slow.isClosed())
        }
    }

    @Test func `any mutilated request is answered or ends the connection`() async throws {
        try await TestTracker.run { server in
            let text = Array(
                "GET \(AnnounceServingTests.target(1)) HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".utf8)
            var random = SplitMix64(seed: 11)
            for _ in 0..<300 {
                var damaged = text
                for _ in 0..<2 {
                    damaged[Int(random.next(below: UInt64(damaged.count)))] = UInt8(truncatingIfNeeded: random.next())
                }
                let client = try TestClient(server.endpoints[0])
                try client.send(damaged)
                client.finishSending()
                while (try? client.response()) != nil {}
            }
            #expect(try TestClient.get(server.endpoints[0], "/health").status == 200)
        }
    }
}
