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
    /// How long a router may take to hear that its ports are not wanted any more.
    private static let patience = Duration.seconds(3)

    let services: DaemonServices

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: Self.pause) } catch { return }
                await self.keepNodes()
            }
        }
        if let portMapper = self.services.portMapper {
            _ = await Patience.wait(atMost: Self.patience) { await portMapper.stop() }
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
