// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import ServiceLifecycle
import StateStore
import SwarmEvents

/// Ends what finds peers without trackers, and keeps the nodes that the hash table knows, now and then and at the end, so that
/// the next run finds its way.
struct DiscoveryService: Service {
    private static let pause = Duration.seconds(15 * 60)

    let services: DaemonServices

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: Self.pause) } catch { return }
                await self.keepNodes()
            }
        }
        await self.services.localDiscovery?.stop()
        await self.keepNodes()
        await self.services.hashTable?.stop()
    }

    private func keepNodes() async {
        guard let snapshot = await self.services.hashTable?.snapshot else { return }
        do {
            try await self.services.state.setHashTable(snapshot)
        } catch {
            self.services.logger.event(
                .progressUnrecorded, at: .warning, "the nodes of the hash table could not be recorded: \(error)",
                ["error.message": "\(error)"])
        }
    }
}
