// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import Systemd
import UnixSignals

/// Reads the configuration again whenever SIGHUP comes, one after another, until the daemon shuts down.
struct ReloadService: Service {
    let keeper: ConfigurationKeeper
    /// Trapped before the daemon is ready, so that an early signal is not the end of it.
    let hangUps: UnixSignalsSequence
    let notifier: ServiceNotifier

    func run() async throws {
        for await _ in self.hangUps.cancelOnGracefulShutdown() {
            self.notifier.reloading()
            await self.keeper.reload()
            self.notifier.ready()
        }
    }
}
