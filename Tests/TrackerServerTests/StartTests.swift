// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerServer

@Suite struct StartTests {
    @Test func `port 0 becomes a real one that is told`() async throws {
        try await TestTracker.run { server in
            #expect(server.endpoints.count == 1 && server.endpoints[0].port != 0)
        }
    }

    @Test func `a port in use is an error of one line`() async throws {
        try await TestTracker.run { server in
            var configuration = TestTracker.configuration
            configuration.listen = server.endpoints
            let error = await #expect(throws: TrackerServerError.self) {
                try await TrackerServer.start(configuration, logger: TestTracker.quiet)
            }
            #expect(error?.description == "cannot listen on \(server.endpoints[0]): Address already in use")
        }
    }

    @Test func `a folder that cannot be made is an error of one line`() async throws {
        var configuration = TestTracker.configuration
        configuration.stateDirectory = "/proc/swarm-test"
        let error = await #expect(throws: TrackerServerError.self) {
            try await TrackerServer.start(configuration, logger: TestTracker.quiet)
        }
        #expect(error?.description.hasPrefix("state_dir /proc/swarm-test cannot be created: ") == true)
        #expect(error?.description.contains("\n") == false)
    }
}
