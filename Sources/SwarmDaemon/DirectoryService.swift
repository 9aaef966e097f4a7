// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Keeps the torrents up from the start to the shutdown of the daemon.
struct DirectoryService: Service {
    let directory: TorrentDirectory

    func run() async throws {
        try await self.directory.wake()
        await cancelWhenGracefulShutdown { await self.directory.keepHouse() }
        await self.directory.sleep()
    }
}
