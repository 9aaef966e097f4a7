// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerServer

@Suite struct HeartbeatTests {
    @Test func `every loop and the catalogue answer`() async throws {
        var configuration = TrackerServerConfiguration()
        configuration.threads = 2
        configuration.listen = [try #require(.init("127.0.0.1:0"))]
        let server = try await TrackerServer.start(configuration, logger: TestTracker.quiet)
        #expect(server.loopHeartbeats.count == 2)
        for beat in server.loopHeartbeats { await beat() }
        await server.catalogueHeartbeat()
        #expect(!server.isCatalogueOccupied)
        #expect(server.figures == TrackerFigures(torrents: 0, peers: 0, announces: 0))
        await server.stop()
    }
}
