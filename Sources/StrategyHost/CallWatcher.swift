// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Synchronization

/// A thread of its own that looks once a second what the others are calling. It needs nothing of them: an event loop that a
/// plugin holds up can neither tell of it nor answer.
package final class CallWatcher: Sendable {
    private static let threadLimit = 1_024
    private static let stackSize = 256 << 10

    private let host: StrategyHost
    private let isStopped = Atomic<Bool>(false)

    /// Watches calls to the plugins of `host`.
    package init(_ host: StrategyHost) {
        self.host = host
    }

    /// Begins, once. Returns false when there is no thread to be had.
    package func start() -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, Self.stackSize)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, &attributes,
            { pointer in
                guard let pointer else { return nil }
                _ = clinux_set_thread_name("watcher")
                Unmanaged<CallWatcher>.fromOpaque(pointer).takeRetainedValue().work()
                return nil
            }, context.toOpaque())
        if code != 0 { context.release() }
        return code == 0
    }

    /// Ends the thread within a second.
    package func stop() { self.isStopped.store(true, ordering: .relaxed) }

    private func work() {
        var watch = CallWatch()
        while !self.isStopped.load(ordering: .relaxed) {
            sleep(1)
            for news in watch.look(Self.calls()) { self.host.note(news) }
        }
    }

    /// What every thread is calling now.
    static func calls() -> [CallWatch.Call] {
        var marks = [UInt64](repeating: 0, count: Self.threadLimit)
        var threads = [Int32](repeating: 0, count: Self.threadLimit)
        let count = clinux_calls(&marks, &threads, Self.threadLimit)
        return (0..<count).map { CallWatch.Call(thread: threads[$0], mark: marks[$0]) }
    }
}
