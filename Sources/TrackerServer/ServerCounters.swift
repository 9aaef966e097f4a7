// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What the tracker counts while it serves. Counted, never logged: one relaxed addition each.
final class ServerCounters: Sendable {
    let announces = Atomic<UInt64>(0)
    let scrapes = Atomic<UInt64>(0)
    /// Announces and scrapes answered with a failure reason.
    let refusals = Atomic<UInt64>(0)
    /// What was not HTTP, HTTP for something that is not there, or a datagram that made no sense.
    let badRequests = Atomic<UInt64>(0)
    /// Connection ids given out over UDP.
    let connects = Atomic<UInt64>(0)
    /// Datagrams whose connection id was too old, or not the sender's.
    let staleConnectionIDs = Atomic<UInt64>(0)
    /// Datagrams that the kernel would not send.
    let lostAnswers = Atomic<UInt64>(0)
    /// Reports of pieces and questions about them, and those of them that made no sense.
    let pieceRequests = Atomic<UInt64>(0)
    let catalogueRequests = Atomic<UInt64>(0)
    let connections = Atomic<UInt64>(0)
    let connectionsRefused = Atomic<UInt64>(0)
    let connectionsOpen = Atomic<Int>(0)
    /// Bytes of torrent files that are being received.
    let receiving = Atomic<Int>(0)
    /// Questions that wait for the catalogue.
    let pending = Atomic<Int>(0)
}

extension Atomic<UInt64> {
    func count() {
        self.add(1, ordering: .relaxed)
    }

    func add(_ count: UInt64) {
        if count > 0 { self.add(count, ordering: .relaxed) }
    }

    var value: UInt64 { self.load(ordering: .relaxed) }
}
