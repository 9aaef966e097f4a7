// SPDX-License-Identifier: Apache-2.0

import PeerTransport
import Synchronization

/// How a plugin has done so far, all its instances together.
final class PluginRecord: Sendable {
    /// Wrong answers after which a plugin is turned off.
    static let maximumFaults = 8
    /// Decisions in a row without a fault that make earlier faults forgotten: one a month is no reason to turn it off.
    static let forgivingCalls: UInt64 = 10_000

    private let calls = Atomic<UInt64>(0)
    private let faults = Atomic<UInt64>(0)
    private let nanoseconds = Atomic<UInt64>(0)
    private let watched = Atomic<Int>(0)
    private let turnedOff = Atomic<Bool>(false)
    private let strikes = Mutex<(count: Int, at: UInt64)>((0, 0))

    /// Decisions asked of it.
    var callCount: UInt64 { self.calls.load(ordering: .relaxed) }
    /// Answers that were wrong or came late.
    var faultCount: UInt64 { self.faults.load(ordering: .relaxed) }
    /// Nanoseconds that the decisions took together.
    var totalNanoseconds: UInt64 { self.nanoseconds.load(ordering: .relaxed) }
    /// Whether it gave too many wrong answers and is asked nothing any more.
    var isTurnedOff: Bool { self.turnedOff.load(ordering: .relaxed) }
    /// Whether the next decision is to be watched closely.
    var isWatched: Bool { self.watched.load(ordering: .relaxed) > 0 }

    /// Counts a decision.
    func count(nanoseconds: UInt64) {
        self.calls.wrappingAdd(1, ordering: .relaxed)
        self.nanoseconds.wrappingAdd(nanoseconds, ordering: .relaxed)
        if self.isWatched { self.watched.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// Has the next decisions watched.
    func watch() { self.watched.store(CallBudget.watchedCalls, ordering: .relaxed) }

    /// Counts a wrong answer. Returns how many there were, when it is the one too many for which the plugin is turned off.
    /// `calls` is how much was asked of it so far, where another keeps count of that.
    func countFault(after calls: UInt64? = nil) -> Int? {
        self.faults.wrappingAdd(1, ordering: .relaxed)
        let calls = calls ?? self.callCount
        let count = self.strikes.withLock { strikes in
            strikes = (calls &- strikes.at > Self.forgivingCalls ? 1 : strikes.count + 1, calls)
            return strikes.count
        }
        guard count >= Self.maximumFaults, !self.turnedOff.exchange(true, ordering: .relaxed) else { return nil }
        return count
    }
}
