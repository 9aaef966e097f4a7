// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import SwarmEvents
import Systemd
import TrackerServer

/// A running tracker as a service: it serves until it is asked to stop.
struct TrackerService: Service {
    let server: TrackerServer
    let notifier: ServiceNotifier
    let logger: Logger

    func run() async throws {
        // It answers since it was started.
        self.notifier.ready()
        try? await gracefulShutdown()
        self.notifier.stopping()
        self.logger.event(.daemonStopping, "swarm-trackerd stops")
        await self.server.stop()
    }
}
