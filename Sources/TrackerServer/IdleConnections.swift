// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Looks after the connections of one event loop that bring nothing: one timer for all, for most of them are over long
/// before theirs would ring.
final class IdleConnections {
    /// Looks in a connection's idle time, and the pause between two of them at most.
    private static let looks: Int64 = 8
    private static let longestPause = TimeAmount.seconds(1)

    private let loop: any EventLoop
    private var connections: [ObjectIdentifier: HTTPConnection] = [:]
    private var pause = IdleConnections.longestPause
    private var isWatching = false

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func add(_ connection: HTTPConnection, timeout: TimeAmount) {
        self.connections[ObjectIdentifier(connection)] = connection
        self.pause = min(self.pause, .nanoseconds(max(timeout.nanoseconds / Self.looks, 1_000_000)))
        if !self.isWatching { self.watch() }
    }

    func remove(_ connection: HTTPConnection) {
        self.connections[ObjectIdentifier(connection)] = nil
    }

    private func watch() {
        self.isWatching = true
        self.loop.assumeIsolated().scheduleTask(in: self.pause) { self.look() }
    }

    private func look() {
        let now = NIODeadline.now()
        for connection in Array(self.connections.values) { connection.checkIdle(at: now) }
        self.isWatching = false
        if self.connections.isEmpty { self.pause = Self.longestPause } else { self.watch() }
    }
}
