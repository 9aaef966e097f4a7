// SPDX-License-Identifier: Apache-2.0

import Database

extension StateStore {
    /// Returns once the store's queue has run this: a round trip through the queue, not through the disk.
    package func heartbeat() {}

    /// Whether the queue is inside a change at this moment; when this lasts, the disk does not answer.
    package nonisolated var isOccupied: Bool { self.executor.isOccupied }
}
