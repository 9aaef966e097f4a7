// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import NIOCore

/// Inbound connections that have not said which torrent they want: at most so many, so that idle sockets cannot use up
/// the process's descriptors. The oldest makes room, because an honest peer speaks at once.
final class HalfOpenConnections: Sendable {
    private struct State {
        /// How to end each.
        var closers: [UInt64: @Sendable () -> Void] = [:]
        var next: UInt64 = 0
        /// No connection has a smaller number.
        var oldest: UInt64 = 0
    }

    private let limit: Int
    private let state = NIOLockedValueBox(State())

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// How many there are.
    var count: Int { self.state.withLockedValue { $0.closers.count } }

    /// Counts a connection until its channel is closed.
    func insert(_ channel: any Channel) {
        let number = self.insert { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in self.remove(number) }
    }

    /// Counts a connection until `remove` is told the number that this returns. `close` ends it, from any thread.
    func insert(_ close: @escaping @Sendable () -> Void) -> UInt64 {
        let (number, surplus) = self.state.withLockedValue { state -> (UInt64, (@Sendable () -> Void)?) in
            let surplus = state.closers.count < self.limit ? nil : Self.removeOldest(from: &state)
            let number = state.next
            state.next += 1
            state.closers[number] = close
            return (number, surplus)
        }
        surplus?()
        return number
    }

    /// A connection is not half-open any more.
    func remove(_ number: UInt64) {
        self.state.withLockedValue { $0.closers[number] = nil }
    }

    /// Closes them all.
    func closeAll() {
        let closers = self.state.withLockedValue { Array($0.closers.values) }
        for close in closers { close() }
    }

    private static func removeOldest(from state: inout State) -> (@Sendable () -> Void)? {
        while state.oldest < state.next {
            defer { state.oldest += 1 }
            if let close = state.closers.removeValue(forKey: state.oldest) { return close }
        }
        return nil
    }
}
