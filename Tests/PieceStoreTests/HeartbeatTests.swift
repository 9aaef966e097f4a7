// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Testing

@testable import PieceStore

@Suite struct HeartbeatTests {
    /// A disk that answers when it is told to.
    private final class Disk: Sendable {
        private let gate = DispatchSemaphore(value: 0)
        private let entered = DispatchSemaphore(value: 0)

        func hang() {
            self.entered.signal()
            self.gate.wait()
        }

        func waitUntilBusy() { self.entered.wait() }
        func answer() { self.gate.signal() }
    }

    @Test func `the store answers, and goes on answering while one disk hangs`() async {
        let store = PieceStore()
        await store.heartbeat()
        let disk = Disk()
        store.queue.submit(.slow) { disk.hang() }
        disk.waitUntilBusy()
        await store.heartbeat()
        #expect(!store.isOccupied)
        disk.answer()
        store.shutdown()
    }

    @Test func `a store whose every thread waits for a disk says so`() async {
        let store = PieceStore()
        let threads = HeldThreads(of: store)
        #expect(store.isOccupied)
        let beat = Task { await store.heartbeat() }
        threads.letGo()
        await beat.value
        store.shutdown()
    }
}
