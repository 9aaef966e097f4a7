// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Keeps the torrents up from the start to the shutdown of the daemon.
struct DirectoryService: Service {
    let directory: TorrentDirectory

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.directory.wake() }
                group.addTask { await self.directory.keepHouse() }
            }
        }
        await self.directory.sleep()
    }
}
