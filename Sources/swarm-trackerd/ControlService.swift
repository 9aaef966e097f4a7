// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ServiceLifecycle

/// Answers operators until the tracker shuts down.
struct ControlService: Service {
    let server: ControlServer

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Cancelled is how it ends in order.
            try? await self.server.run()
        }
    }
}
