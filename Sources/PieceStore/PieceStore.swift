// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import Synchronization

/// What all torrents of a process share of the disk: threads, piece buffers, open files, the budget of block caches.
package final class PieceStore: Sendable {
    /// Limits.
    package struct Settings: Sendable {
        /// Threads that hash, read and write; nil for one a core, at least 2. One more is there for flushing.
        package var threads: Int?
        /// Bytes of piece buffers that may be out at once (two buffers may be, whatever their size).
        package var bufferBudget = 64 << 20
        /// Files held open over all torrents.
        package var openFiles = 256
        /// Bytes that the block caches of all torrents may hold.
        package var blockCacheBudget = 32 << 20

        /// The defaults.
        package init() {}
    }

    let queue: JobQueue
    let buffers: PieceBufferPool
    let openFiles: OpenFileCache
    let blockCacheBudget: ByteBudget
    let statistics = StoreStatistics()
    let zeroDigests = ZeroDigests()
    let hashing: PieceHashing
    /// Threads meant to be busy at once: how many jobs a verification keeps going.
    let parallelism: Int
    private let completions = Mutex<[ObjectIdentifier: CompletionQueue]>([:])
    private let nextStorage = Atomic<UInt64>(0)

    /// Starts the threads.
    package init(settings: Settings = Settings()) {
        let threads = max(2, settings.threads ?? Self.coreCount)
        self.parallelism = threads
        let spare = WeakPool()
        self.queue = JobQueue(threads: threads + 1) { spare.tidy() }
        let queue = self.queue
        self.hashing = PieceHashing(queue: queue, statistics: self.statistics)
        self.buffers = PieceBufferPool(budget: settings.bufferBudget) {
            // Wakes a thread that then sees that nothing goes on.
            queue.submit(.slow) {}
        }
        spare.hold(self.buffers)
        self.openFiles = OpenFileCache(capacity: settings.openFiles)
        self.blockCacheBudget = ByteBudget(limit: settings.blockCacheBudget)
    }

    deinit { self.queue.stop(patience: 0) }

    /// Finishes queued jobs and ends the threads, waiting at most `patience` seconds: a disk may take far longer than
    /// anybody wants to wait. Tells whether they have ended. Jobs asked for later run on the asker's thread. Never call
    /// it from a completion or an event loop.
    @discardableResult
    package func shutdown(patience: Int = 60) -> Bool { self.queue.stop(patience: patience) }

    /// A buffer for a piece of `length` bytes (more than 0), or nil when the budget is spent: ask for less then, and
    /// again when pieces are done. `isFirst` tells that the torrent has no other piece arriving: for such ones there is
    /// as much again, so that no torrent starves while others hold pieces open.
    package func takeBuffer(length: Int, isFirst: Bool = false) -> PieceBuffer? {
        self.buffers.take(length: length, isFirst: isFirst)
    }

    /// What has been read, written and hashed since the start.
    package var totals: StoreTotals { self.statistics.totals }

    /// Number of processors this process may use.
    package static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// The way back to an event loop.
    func completions(on loop: any EventLoop) -> CompletionQueue {
        self.completions.withLock { queues in
            if let queue = queues[ObjectIdentifier(loop)] { return queue }
            let queue = CompletionQueue(loop: loop)
            queues[ObjectIdentifier(loop)] = queue
            return queue
        }
    }

    /// A number for a new storage, never used twice.
    func newStorageNumber() -> UInt64 { self.nextStorage.add(1, ordering: .relaxed).newValue }
}
