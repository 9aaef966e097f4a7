// SPDX-License-Identifier: Apache-2.0

extension PieceStore {
    /// Returns once one of the store's threads has run a job: a round trip through the queue, not through a disk.
    package func heartbeat() async {
        await withCheckedContinuation { answer in
            self.queue.submit(.prompt) { answer.resume() }
        }
    }

    /// Whether every thread is inside a job. Jobs are bounded work on memory and calls to the disk, so when this lasts
    /// it is the disk that does not answer.
    package var isOccupied: Bool { self.queue.isOccupied }
}
