// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// A serial executor for an actor that owns a `Database`: its calls wait for the disk on a queue of their own, never on
/// an event loop or on the threads that all other tasks share.
package final class DatabaseExecutor: SerialExecutor {
    private let queue: DispatchQueue
    private let running = Atomic<Bool>(false)

    /// `label` names the queue for debuggers.
    package init(label: String) {
        self.queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async {
            self.running.store(true, ordering: .relaxed)
            job.runSynchronously(on: self.asUnownedSerialExecutor())
            self.running.store(false, ordering: .relaxed)
        }
    }

    /// Whether a job runs at this moment. Jobs are bounded work and calls to the disk, so when this lasts it is the disk
    /// that does not answer.
    package var isOccupied: Bool { self.running.load(ordering: .relaxed) }
}
