// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import SwarmModel

/// What all torrents together may move in one direction. Torrents on any loop ask it for some blocks' worth at a time,
/// never for each block; while there is too little for all, they take turns in the order of their asking.
final class SharedAllowance: Sendable {
    /// The answer to a torrent that asks.
    enum Answer: Hashable {
        /// So many bytes may move, and are taken.
        case granted(Int)
        /// Nothing for so long; the torrent has its turn kept until it asks again or leaves.
        case wait(Interval)
    }

    private struct State {
        /// Nil while there is no cap.
        var bucket: TokenBucket?
        var queue: [ObjectIdentifier] = []
    }

    private let state = NIOLockedValueBox(State())

    /// Whether there is a cap.
    var isCapped: Bool { self.state.withLockedValue { $0.bucket != nil } }

    /// The cap; nil when there is none.
    var bytesPerSecond: Int? { self.state.withLockedValue { $0.bucket?.bytesPerSecond } }

    /// Sets the cap; 0 for none.
    func change(bytesPerSecond: Int, at now: Instant) {
        self.state.withLockedValue { state in
            guard bytesPerSecond > 0 else {
                state.bucket = nil
                state.queue = []
                return
            }
            guard state.bucket != nil else {
                state.bucket = TokenBucket(bytesPerSecond: bytesPerSecond, at: now)
                return
            }
            state.bucket?.change(bytesPerSecond: bytesPerSecond, at: now)
        }
    }

    /// Asks for `wanted` bytes, for `least` at least.
    func take(_ wanted: Int, least: Int, for torrent: ObjectIdentifier, at now: Instant) -> Answer {
        self.state.withLockedValue { state in
            guard var bucket = state.bucket else { return .granted(wanted) }
            defer { state.bucket = bucket }
            let place = state.queue.firstIndex(of: torrent) ?? state.queue.count
            let isWaiting = place < state.queue.count
            // Each that comes before keeps a block.
            let available = bucket.available(at: now) - place * least
            guard available >= min(least, TokenBucket.leastCapacity) else {
                if !isWaiting { state.queue.append(torrent) }
                // One block for each that comes before.
                let one = bucket.wait(for: least, at: now)
                let turn = Double(least) / Double(bucket.bytesPerSecond) * Double(place)
                return .wait(one + Interval(nanoseconds: Int64(min(turn, 60) * 1e9)))
            }
            if isWaiting { state.queue.remove(at: place) }
            let share = max(least, available / (state.queue.count + 1))
            let granted = min(wanted, share)
            bucket.take(granted)
            return .granted(granted)
        }
    }

    /// Gives bytes back that did not move.
    func giveBack(_ bytes: Int) {
        self.state.withLockedValue { $0.bucket?.giveBack(bytes) }
    }

    /// The torrent does not want its turn any more.
    func leave(_ torrent: ObjectIdentifier) {
        self.state.withLockedValue { state in
            if let place = state.queue.firstIndex(of: torrent) { state.queue.remove(at: place) }
        }
    }
}
