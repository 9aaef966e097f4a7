// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ServiceLifecycle

/// Answers commands until the daemon shuts down.
struct ControlService: Service {
    let server: ControlServer
    /// Called once commands are answered.
    let whenServing: @Sendable () -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Cancelled is how it ends in order.
            try? await self.server.run(whenServing: self.whenServing)
        }
    }
}
