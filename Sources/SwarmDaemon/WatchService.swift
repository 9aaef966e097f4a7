// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Watches folders while the daemon runs.
struct WatchService: Service {
    let watcher: FolderWatcher

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.watcher.run() }
    }
}
