// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

extension TrackerServer {
    /// One round trip through each event loop, for a watchdog: each returns when its loop has come to it.
    package var loopHeartbeats: [@Sendable () async -> Void] {
        self.group.makeIterator().map { loop in
            { @Sendable in try? await loop.submit {}.get() }
        }
    }

    /// One round trip through each thread that serves UDP.
    package var datagramHeartbeats: [@Sendable () async -> Void] { self.datagrams.heartbeats }

    /// A round trip through the catalogue's thread.
    package func catalogueHeartbeat() async { await self.catalogue?.heartbeat() }

    /// Whether the catalogue is inside a question at this moment; when this lasts, the disk does not answer.
    package var isCatalogueOccupied: Bool { self.catalogue?.isOccupied ?? false }

    /// The tracker in figures, which takes every lock of the swarm table in turn.
    package var figures: TrackerFigures {
        let totals = self.shards.totals()
        return TrackerFigures(
            torrents: totals.torrents, peers: totals.seeds + totals.leechers, announces: self.counters.announces.value)
    }
}
