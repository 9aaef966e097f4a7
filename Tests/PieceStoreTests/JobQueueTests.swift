// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

@testable import PieceStore

@Suite struct JobQueueTests {
    /// What jobs leave behind, in their order.
    private final class Journal: Sendable {
        private let words = Mutex<[String]>([])
        var all: [String] { self.words.withLock { $0 } }
        func note(_ word: String) { self.words.withLock { $0.append(word) } }
    }

    /// Holds up whoever comes by until it is opened.
    private final class Gate: Sendable {
        private let ends: (read: Int32, write: Int32)

        init() {
            var ends: [Int32] = [0, 0]
            precondition(pipe(&ends) == 0, "no pipe: errno \(errno)")
            self.ends = (ends[0], ends[1])
        }

        deinit { close(self.ends.read) }

        func pass() {
            var byte: UInt8 = 0
            _ = read(self.ends.read, &byte, 1)
        }

        func open() { close(self.ends.write) }
    }

    @Test func `flushing does not wait for hashing that never ends`() {
        let queue = JobQueue(threads: 1) {}
        let journal = Journal()
        let gate = Gate()
        queue.submit(.prompt) { gate.pass() }
        queue.submit(.bulk) { journal.note("bulk") }
        queue.submit(.slow) { journal.note("slow") }
        queue.submit(.prompt) { journal.note("prompt") }
        gate.open()
        #expect(queue.stop(patience: 60))
        #expect(journal.all == ["prompt", "slow", "bulk"])
    }

    @Test func `what waits behind urgent jobs without end has its turns`() {
        let queue = JobQueue(threads: 1) {}
        let journal = Journal()
        let gate = Gate()
        queue.submit(.prompt) { gate.pass() }
        for number in 0..<3 {
            queue.submit(.bulk) { journal.note("bulk \(number)") }
            queue.submit(.slow) { journal.note("slow \(number)") }
        }
        for _ in 0..<5 * JobQueue.promptRun { queue.submit(.prompt) { journal.note("prompt") } }
        gate.open()
        #expect(queue.stop(patience: 60))
        let others = journal.all.enumerated().filter { $0.element != "prompt" }
        #expect(others.map(\.element) == ["slow 0", "bulk 0", "slow 1", "bulk 1", "slow 2", "bulk 2"])
        let places = others.prefix(5).map(\.offset)
        #expect(places[0] <= JobQueue.promptRun)
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 == JobQueue.promptRun + 1 })
    }

    @Test func `a job that hangs does not hold up the end`() async {
        let queue = JobQueue(threads: 1) {}
        let (stream, started) = AsyncStream.makeStream(of: Void.self)
        let gate = Gate()
        queue.submit(.slow) {
            started.yield()
            gate.pass()
        }
        for await _ in stream { break }
        #expect(!queue.stop(patience: 1))
        gate.open()
        #expect(queue.stop(patience: 60))
    }
}
