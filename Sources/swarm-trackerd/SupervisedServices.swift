// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import Systemd
import TrackerServer

/// What the tracker does for the service manager: it shows a line of status, and feeds the watchdog as long as every part
/// answers.
struct SupervisedServices {
    let supervision: Supervision
    let server: TrackerServer
    let logger: Logger

    /// Those that are wanted here, to be started before the tracker's own.
    var all: [any Service] {
        guard self.supervision.notifier.isEnabled else { return [] }
        let (server, status) = (self.server, TrackerStatus())
        let line = StatusLine(notifier: self.supervision.notifier) { status.text(server.figures) }
        let watchdog = self.watchdog.map { LoopingService(body: $0.run) }
        return [watchdog, LoopingService(body: line.run)].compactMap { $0 }
    }

    private var watchdog: Watchdog? {
        guard let interval = self.supervision.watchdogInterval else { return nil }
        let server = self.server
        var parts = server.loopHeartbeats.enumerated().map { WatchedPart("network loop \($0 + 1)", beat: $1) }
        parts += server.datagramHeartbeats.enumerated().map { WatchedPart("UDP thread \($0 + 1)", beat: $1) }
        parts.append(WatchedPart("swarm table") { _ = server.figures })
        parts.append(
            WatchedPart("catalogue", waitsForDisk: { server.isCatalogueOccupied }) { await server.catalogueHeartbeat() }
        )
        return Watchdog(
            parts: parts, interval: interval, notifier: self.supervision.notifier, logger: self.logger)
    }

    /// Something that goes on until the program stops.
    private struct LoopingService: Service {
        let body: @Sendable () async -> Void

        func run() async throws {
            await cancelWhenGracefulShutdown { await self.body() }
        }
    }
}
