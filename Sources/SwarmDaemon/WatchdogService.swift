// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import ServiceLifecycle
import StateStore
import Systemd

/// Feeds the service manager's watchdog as long as every part of the daemon answers.
struct WatchdogService: Service {
    private let watchdog: Watchdog

    /// Nil when nobody watches the process.
    init?(supervision: Supervision, services: DaemonServices, directory: TorrentDirectory) {
        guard let interval = supervision.watchdogInterval, supervision.notifier.isEnabled else { return nil }
        self.watchdog = Watchdog(
            parts: Self.parts(services, directory), interval: interval, notifier: supervision.notifier,
            logger: services.logger)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.watchdog.run() }
    }

    /// Every loop, the directory through which commands go, and the two stores. Of the stores the queues are asked, not
    /// the disks: one that hangs stops its torrents, and no restart would mend it.
    private static func parts(_ services: DaemonServices, _ directory: TorrentDirectory) -> [WatchedPart] {
        let (state, store) = (services.state, services.store)
        let loops = services.group.makeIterator().enumerated().map { index, loop in
            WatchedPart("network loop \(index + 1)") { try? await loop.submit {}.get() }
        }
        return loops + [
            WatchedPart("torrent directory") { await directory.heartbeat() },
            WatchedPart("state store", waitsForDisk: { state.isOccupied }) { await state.heartbeat() },
            WatchedPart("piece store", waitsForDisk: { store.isOccupied }) { await store.heartbeat() },
        ]
    }
}
