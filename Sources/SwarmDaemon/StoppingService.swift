// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import SwarmEvents
import Systemd

/// Tells that the daemon has begun to stop. The last of the services, because the last is stopped first.
struct StoppingService: Service {
    let notifier: ServiceNotifier
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        self.notifier.stopping()
        self.notifier.status("stopping: recording progress, telling trackers")
        self.logger.event(.daemonStopping, "swarmd stops")
    }
}
