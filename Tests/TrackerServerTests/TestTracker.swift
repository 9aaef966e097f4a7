// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmModel
import TrackerServer

/// A tracker on free loopback ports for the length of a test.
enum TestTracker {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static var configuration: TrackerServerConfiguration {
        var configuration = TrackerServerConfiguration()
        configuration.listen = [PeerEndpoint("127.0.0.1:0")!]
        configuration.threads = 2
        return configuration
    }

    static func run(
        _ configuration: TrackerServerConfiguration = Self.configuration,
        _ body: (TrackerServer) async throws -> Void
    ) async throws {
        let server = try await TrackerServer.start(configuration, logger: Self.quiet)
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}
