// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Writes events down while the daemon runs; the last ones are left to the end of the shutdown.
struct EventArchiveService: Service {
    let archive: EventArchive

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.archive.run() }
    }
}
