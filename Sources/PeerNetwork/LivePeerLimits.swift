// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers

/// The limits that hold now, shared by all torrents. Read once a connection, a piece or a choke round, never for a block.
final class LivePeerLimits: Sendable {
    private let limits: NIOLockedValueBox<PeerLimits>

    init(_ limits: PeerLimits) {
        self.limits = NIOLockedValueBox(limits)
    }

    var current: PeerLimits {
        get { self.limits.withLockedValue { $0 } }
        set { self.limits.withLockedValue { $0 = newValue } }
    }
}
