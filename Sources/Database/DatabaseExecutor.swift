// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A serial executor for an actor that owns a `Database`: its calls wait for the disk on a queue of their own, never on
/// an event loop or on the threads that all other tasks share.
package final class DatabaseExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// `label` names the queue for debuggers.
    package init(label: String) {
        self.queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
