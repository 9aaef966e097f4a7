// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SwarmModel

/// Remembers the addresses of trackers for a minute: thousands of torrents of one tracker look its name up once, and who asks
/// while that is under way waits for the same answer.
final class AddressBook: Sendable {
    /// How long addresses count, and how long it counts that there are none.
    static let lifetime = TimeAmount.seconds(60)
    static let failureLifetime = TimeAmount.seconds(10)
    /// Names that are remembered at a time.
    private static let capacity = 1_024

    private struct Entry {
        let addresses: EventLoopFuture<[IPAddress]>
        var expiry: NIODeadline
    }

    private let lookUp: @Sendable (String) throws -> [IPAddress]
    private let now: @Sendable () -> NIODeadline
    private let entries = NIOLockedValueBox<[String: Entry]>([:])

    /// An empty book. `lookUp` may block.
    init(
        lookUp: @escaping @Sendable (String) throws -> [IPAddress] = HostAddresses.lookUp,
        now: @escaping @Sendable () -> NIODeadline = { NIODeadline.now() }
    ) {
        self.lookUp = lookUp
        self.now = now
    }

    /// The addresses of a host, on `loop`; fails with what the look-up threw.
    func addresses(of host: String, on loop: any EventLoop) -> EventLoopFuture<[IPAddress]> {
        if let address = IPAddress(host) { return loop.makeSucceededFuture([address]) }
        let promise = loop.makePromise(of: [IPAddress].self)
        let now = self.now()
        let known = self.entries.withLockedValue { entries -> EventLoopFuture<[IPAddress]>? in
            if let entry = entries[host], now < entry.expiry { return entry.addresses }
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[host] = Entry(addresses: promise.futureResult, expiry: now + Self.lifetime)
            return nil
        }
        if let known {
            promise.completeWith(known)
            return promise.futureResult
        }
        promise.futureResult.whenFailure { _ in
            self.entries.withLockedValue { $0[host]?.expiry = self.now() + Self.failureLifetime }
        }
        NIOSingletons.posixBlockingThreadPool.runIfActive(eventLoop: loop) { try self.lookUp(host) }.cascade(
            to: promise)
        return promise.futureResult
    }
}
