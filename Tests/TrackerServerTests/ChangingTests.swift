// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerServer
import TrackerWire

/// What a tracker goes by may change while it serves.
@Suite struct ChangingTests {
    @Test func `intervals and numbers of peers hold from the next announce, and nobody is forgotten`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            for number in 0..<4 {
                _ = try AnnounceServingTests.accepted(try client.get(AnnounceServingTests.target(number)))
            }
            var changed = TestTracker.configuration
            changed.policy.interval = .seconds(7)
            changed.policy.minimumInterval = .seconds(3)
            changed.policy.jitterPerMille = 0
            changed.policy.maximumWanted = 2
            server.change(to: changed)
            let answer = try AnnounceServingTests.accepted(try client.get(AnnounceServingTests.target(4)))
            #expect(answer.interval == .seconds(7) && answer.minimumInterval == .seconds(3))
            #expect(answer.peers.count == 2 && answer.incomplete == 5)
        }
    }

    @Test func `fewer connections turn away the next one and close none`() async throws {
        try await TestTracker.run { server in
            let clients = try (0..<3).map { _ in try TestClient(server.endpoints[0]) }
            for client in clients { #expect(try client.get("/health").status == 200) }
            var changed = TestTracker.configuration
            changed.maximumConnections = 2
            server.change(to: changed)
            #expect(try TestClient(server.endpoints[0]).get("/health").status == 503)
            for client in clients { #expect(try client.get("/health").status == 200) }
            changed.maximumConnections = 100
            server.change(to: changed)
            #expect(try TestClient(server.endpoints[0]).get("/health").status == 200)
        }
    }

    @Test func `the catalogue takes and gives what it may at the moment`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            for name in ["one", "two"] {
                #expect(try client.post("/v1/catalogue", CatalogueTests.torrent(name)).status == 201)
            }
            var changed = TestTracker.configuration
            changed.catalogue.rows = 1
            changed.catalogue.metainfoBytes = 10
            server.change(to: changed)
            let listed = try client.get("/v1/catalogue").text
            #expect(listed.contains("two") != listed.contains("one"))
            #expect(try client.post("/v1/catalogue", CatalogueTests.torrent("three")).status == 413)
            server.change(to: TestTracker.configuration)
            #expect(try client.post("/v1/catalogue", CatalogueTests.torrent("three")).status == 201)
        }
    }
}
