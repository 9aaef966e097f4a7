// SPDX-License-Identifier: Apache-2.0

import CLinux
import Synchronization

/// Lets the idle threads find the buffer pool without keeping it alive.
final class WeakPool: Sendable {
    private struct Reference {
        weak var pool: PieceBufferPool?
    }

    private let reference = Mutex(Reference())

    func hold(_ pool: PieceBufferPool) { self.reference.withLock { $0.pool = pool } }

    /// Gives memory that nobody uses back to the system.
    func tidy() {
        let pool = self.reference.withLock { $0.pool }
        pool?.trim()
        clinux_trim_heap()
    }
}
