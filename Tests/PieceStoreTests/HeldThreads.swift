// SPDX-License-Identifier: Apache-2.0

import Dispatch

@testable import PieceStore

/// Every thread of a store, held up by a disk that answers when it is told to.
final class HeldThreads: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let count: Int

    /// Returns when all of them are held up.
    init(of store: PieceStore) {
        // One thread more than those meant to be busy.
        self.count = store.parallelism + 1
        let entered = DispatchSemaphore(value: 0)
        for _ in 0..<self.count {
            store.queue.submit(.prompt) {
                entered.signal()
                self.gate.wait()
            }
        }
        for _ in 0..<self.count { entered.wait() }
    }

    func letGo() { for _ in 0..<self.count { self.gate.signal() } }
}
