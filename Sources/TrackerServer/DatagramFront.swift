// SPDX-License-Identifier: Apache-2.0

import NIOPosix
import SwarmModel
import TrackerCore

/// The tracker's UDP side: for each address as many sockets and threads as there are workers.
final class DatagramFront: Sendable {
    private let workers: [DatagramWorker]
    private let threads: NIOThreadPool

    init(_ workers: [DatagramWorker]) {
        self.workers = workers
        self.threads = NIOThreadPool(numberOfThreads: max(workers.count, 1))
        self.threads.start()
        for worker in workers {
            self.threads.submit { state in
                switch state {
                case .active: worker.run()
                case .cancelled: break
                }
            }
        }
    }

    /// Ends all workers. What the kernel still holds is lost, as datagrams may be.
    func stop() async {
        for worker in self.workers { worker.stop() }
        try? await self.threads.shutdownGracefully()
    }

    /// A round trip through each worker.
    var heartbeats: [@Sendable () async -> Void] {
        self.workers.map { worker in { @Sendable in await worker.heartbeat() } }
    }
}
