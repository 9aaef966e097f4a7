// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Logging
import NIOPosix
import SwarmModel
import Synchronization
import TrackerCore

/// This node's part in a cluster, on a thread of its own: it may wait for Redis as long as it takes, while announces are
/// answered from what is known.
final class ClusterService: Sendable {
    /// Between two looks.
    private static let pause: useconds_t = 1_000_000 / useconds_t(ClusterShare.looksPerSecond)
    private static let slice: useconds_t = 50_000

    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let isStopping = Atomic(false)
    private let beats = Atomic<UInt64>(0)
    private let current: Mutex<ClusterStatus>

    init(
        _ configuration: ClusterConfiguration, shards: SwarmShards, catalogue: Catalogue?, limits: LiveLimits,
        logger: Logger
    ) {
        var status = ClusterStatus()
        status.nodes = [configuration.node.name]
        self.current = Mutex(status)
        shards.change(map: ClusterMap(own: configuration.node))
        self.thread.start()
        self.thread.submit { state in
            guard case .active = state else { return }
            clinux_set_thread_name("cluster")
            let worker = ClusterWorker(
                configuration, shards: shards, catalogue: catalogue, limits: limits, logger: logger,
                status: self.status)
            while !self.isStopping.load(ordering: .relaxed) {
                worker.look(at: .now)
                self.current.withLock { $0 = worker.status }
                self.beats.add(1, ordering: .relaxed)
                self.rest()
            }
            worker.leave(at: .now)
        }
    }

    /// How it stands.
    var status: ClusterStatus { self.current.withLock { $0 } }

    /// Grows while the thread goes on.
    var beat: UInt64 { self.beats.load(ordering: .relaxed) }

    /// Hands what this node owns over to the others, takes its row back, and ends.
    func stop() async {
        self.isStopping.store(true, ordering: .relaxed)
        try? await self.thread.shutdownGracefully()
    }

    private func rest() {
        var left = Self.pause
        while left > 0, !self.isStopping.load(ordering: .relaxed) {
            usleep(min(left, Self.slice))
            left -= min(left, Self.slice)
        }
    }
}
