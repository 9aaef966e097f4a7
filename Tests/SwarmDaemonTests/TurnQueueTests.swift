// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import SwarmDaemon

@Suite struct TurnQueueTests {
    /// Those who have their turn, the most of them at a time, and those who had it.
    private final class Count: Sendable {
        private let state = Mutex((now: 0, most: 0, done: 0))
        var most: Int { self.state.withLock { $0.most } }
        var done: Int { self.state.withLock { $0.done } }

        func begin() {
            self.state.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }

        func end() {
            self.state.withLock {
                $0.now -= 1
                $0.done += 1
            }
        }
    }

    @Test func `no more go on at a time than may, and all get their turn`() async {
        let queue = TurnQueue(limit: 3)
        let count = Count()
        await withDiscardingTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    guard let turn = try? await queue.take() else { return }
                    count.begin()
                    await Task.yield()
                    count.end()
                    turn.end()
                }
            }
        }
        #expect(count.done == 200 && count.most == 3)
    }

    @Test func `a turn that is dropped, or ended twice, is given back once`() async throws {
        let queue = TurnQueue(limit: 1)
        _ = try await queue.take()
        let turn = try await queue.take()
        turn.end()
        turn.end()
        let next = try await queue.take()
        let waiting = Task { try await queue.take() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        next.end()
        _ = try await queue.take()
    }
}
