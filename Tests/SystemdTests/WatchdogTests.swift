// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
import Testing

@testable import Systemd

@Suite struct WatchdogTests {
    /// A part that answers when it is told to.
    private final class Part: Sendable {
        let gate = Mutex<[CheckedContinuation<Void, Never>]>([])
        let asked = AsyncStream<Void>.makeStream()
        let disk = Atomic<Bool>(false)

        func beat() async {
            await withCheckedContinuation { waiting in
                self.gate.withLock { $0.append(waiting) }
                self.asked.continuation.yield()
            }
        }

        /// Returns once a beat waits here.
        func waitUntilAsked() async {
            for await _ in self.asked.stream { return }
        }

        func answer() {
            for waiting in self.gate.withLock({ taken in
                defer { taken = [] }
                return taken
            }) { waiting.resume() }
        }
    }

    @Test func `a ledger asks nobody twice and tells each change once`() {
        var ledger = PulseLedger(parts: 2)
        #expect(ledger.ask() == [0, 1])
        ledger.answered(0)
        #expect(ledger.ask() == [0])
        ledger.answered(0)
        var verdict = ledger.judge { _ in false }
        #expect(!verdict.isAlive)
        #expect(verdict.news.map(\.part) == [1] && verdict.news.map(\.condition) == [.stuck])
        verdict = ledger.judge { _ in false }
        #expect(!verdict.isAlive && verdict.news.isEmpty)
        ledger.answered(1)
        verdict = ledger.judge { _ in false }
        #expect(verdict.isAlive && verdict.news.map(\.condition) == [.answering])
    }

    @Test func `a part that waits for a disk is told of but not held dead`() {
        var ledger = PulseLedger(parts: 1)
        _ = ledger.ask()
        var verdict = ledger.judge { _ in true }
        #expect(verdict.isAlive && verdict.news.map(\.condition) == [.waitingForDisk])
        verdict = ledger.judge { _ in false }
        #expect(!verdict.isAlive && verdict.news.map(\.condition) == [.stuck])
    }

    @Test func `the manager hears of life only when every part has answered`() async throws {
        let manager = try NotifySocketFixture()
        let part = Part()
        let log = RecordedLog()
        let watchdog = Watchdog(
            parts: [WatchedPart("network loop 1") { await part.beat() }], interval: .seconds(3_600),
            notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.name]), logger: log.logger)
        watchdog.ask()
        await part.waitUntilAsked()
        watchdog.judge()
        watchdog.judge()
        #expect(manager.next() == nil)
        #expect(log.lines == ["part-stuck: the network loop 1 does not answer; the watchdog is not told of life"])
        part.answer()
        // The answer is noted by a task of its own.
        while manager.next() == nil {
            watchdog.judge()
            await Task.yield()
        }
        #expect(log.lines.last == "part-recovered: the network loop 1 answers again")
        #expect(log.lines.count == 2)
    }

    @Test func `a round over parts that answer feeds the watchdog until it is cancelled`() async throws {
        let manager = try NotifySocketFixture()
        let watchdog = Watchdog(
            parts: [WatchedPart("a") {}, WatchedPart("b") {}], interval: .milliseconds(4),
            notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": manager.name]), logger: RecordedLog().logger)
        let task = Task { await watchdog.run() }
        var heard: String?
        while heard == nil {
            heard = manager.next()
            await Task.yield()
        }
        #expect(heard == "WATCHDOG=1")
        task.cancel()
        await task.value
    }
}
