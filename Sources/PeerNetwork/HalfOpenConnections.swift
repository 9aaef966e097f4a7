// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import NIOCore

/// Inbound connections that have not said which torrent they want: at most so many, so that idle sockets cannot use up
/// the process's descriptors. The oldest makes room, because an honest peer speaks at once.
final class HalfOpenConnections: Sendable {
    private struct State {
        var channels: [UInt64: any Channel] = [:]
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
    var count: Int { self.state.withLockedValue { $0.channels.count } }

    /// Counts a connection until its channel is closed.
    func insert(_ channel: any Channel) {
        let (number, surplus) = self.state.withLockedValue { state -> (UInt64, (any Channel)?) in
            let surplus = state.channels.count < self.limit ? nil : Self.removeOldest(from: &state)
            let number = state.next
            state.next += 1
            state.channels[number] = channel
            return (number, surplus)
        }
        channel.closeFuture.whenComplete { _ in self.remove(number) }
        surplus?.close(promise: nil)
    }

    /// Closes them all.
    func closeAll() {
        let channels = self.state.withLockedValue { Array($0.channels.values) }
        for channel in channels { channel.close(promise: nil) }
    }

    private func remove(_ number: UInt64) {
        self.state.withLockedValue { $0.channels[number] = nil }
    }

    private static func removeOldest(from state: inout State) -> (any Channel)? {
        while state.oldest < state.next {
            defer { state.oldest += 1 }
            if let channel = state.channels.removeValue(forKey: state.oldest) { return channel }
        }
        return nil
    }
}
