// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import TrackerServer

/// A running tracker as a service: it serves until it is asked to stop.
struct TrackerService: Service {
    let server: TrackerServer

    func run() async throws {
        try? await gracefulShutdown()
        await self.server.stop()
    }
}
