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

    /// Who had a turn, one after the other.
    private final class Order: Sendable {
        private let state = Mutex<[String]>([])
        var words: [String] { self.state.withLock { $0 } }

        func append(_ word: String) { self.state.withLock { $0.append(word) } }
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

    @Test func `who has had no turn comes first, and who has had one is not put off for ever`() async throws {
        let queue = TurnQueue(limit: 1)
        let order = Order()
        let first = try await queue.take()
        await withDiscardingTaskGroup { group in
            // One after another, so that they wait in this order.
            for (number, word) in (["again 0", "again 1"] + (0..<8).map { "new \($0)" }).enumerated() {
                group.addTask {
                    guard let turn = try? await queue.take(again: word.hasPrefix("again")) else { return }
                    order.append(word)
                    turn.end()
                }
                while queue.counts.waiting <= number { await Task.yield() }
            }
            #expect(queue.counts.going == 1 && queue.counts.waiting == 10)
            first.end()
        }
        #expect(
            order.words == [
                "new 0", "new 1", "new 2", "again 0", "new 3", "new 4", "new 5", "again 1", "new 6", "new 7",
            ])
        #expect(queue.counts.going == 0 && queue.counts.waiting == 0)
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
