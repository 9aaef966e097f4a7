// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization

/// Connection ids that UDP trackers gave lately, for reports, which are frequent: each need not ask for one.
final class DatagramConnections: Sendable {
    typealias Connection = (id: UInt64, since: Instant)

    private struct Key: Hashable {
        let remote: PeerEndpoint
        let source: IPAddress?
    }

    /// Trackers remembered at a time.
    private static let capacity = 256

    private let known = Mutex<[Key: Connection]>([:])

    func connection(to remote: PeerEndpoint, from source: IPAddress?) -> Connection? {
        self.known.withLock { $0[Key(remote: remote, source: source)] }
    }

    func keep(_ connection: Connection, to remote: PeerEndpoint, from source: IPAddress?) {
        self.known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[Key(remote: remote, source: source)] = connection
        }
    }
}
