// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// What all instances of a transport did so far. Instances count for themselves and add to it now and then; one call of
/// many is timed and stands for the others.
package final class TransportMeter: Sendable {
    /// One call of so many is timed. A power of two.
    static let sampling: UInt64 = 64

    private let callCount = Atomic<UInt64>(0)
    private let faultCount = Atomic<UInt64>(0)
    private let time = Atomic<UInt64>(0)
    private let watched = Atomic<Int>(0)
    private let turnedOff = Atomic<Bool>(false)

    /// Begins at nothing.
    package init() {}

    /// Calls made.
    package var calls: UInt64 { self.callCount.load(ordering: .relaxed) }
    /// Answers that were wrong.
    package var faults: UInt64 { self.faultCount.load(ordering: .relaxed) }
    /// Nanoseconds that the calls took together, by the sample.
    package var nanoseconds: UInt64 { self.time.load(ordering: .relaxed) }

    /// Whether no connection is made by it any more; those that there are go on.
    package var isTurnedOff: Bool { self.turnedOff.load(ordering: .relaxed) }

    /// Has no connection made by it from now on.
    package func turnOff() { self.turnedOff.store(true, ordering: .relaxed) }

    /// Whether the next calls are timed all, and what their threads used is looked at: after one that took too long.
    var isWatched: Bool { self.watched.load(ordering: .relaxed) > 0 }
    func watch() { self.watched.store(CallBudget.watchedCalls, ordering: .relaxed) }
    func countWatched() { self.watched.wrappingSubtract(1, ordering: .relaxed) }

    func add(calls: UInt64) { self.callCount.wrappingAdd(calls, ordering: .relaxed) }
    func add(nanoseconds: UInt64) { self.time.wrappingAdd(nanoseconds, ordering: .relaxed) }
    func addFault() { self.faultCount.wrappingAdd(1, ordering: .relaxed) }

    /// Nanoseconds of the monotonic clock, for measuring only.
    static func clock() -> UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
    }
}
