// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import SwarmModel

/// Datagrams on their way to the hash table. Bounded: what comes while it is full is lost, as in any network.
final class HashTableInbox: Sendable {
    /// Datagrams that may wait.
    static let limit = 512

    private let waiting = NIOLockedValueBox<[(bytes: [UInt8], source: PeerEndpoint)]>([])

    /// Puts one in; whether somebody must be told to take it out.
    func put(_ bytes: [UInt8], from source: PeerEndpoint) -> Bool {
        self.waiting.withLockedValue { waiting in
            guard waiting.count < Self.limit else { return false }
            waiting.append((bytes, source))
            return waiting.count == 1
        }
    }

    /// Takes out all.
    func takeAll() -> [(bytes: [UInt8], source: PeerEndpoint)] {
        self.waiting.withLockedValue { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
