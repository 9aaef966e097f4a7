// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers

/// How many connections there may be over all torrents, counted once a connection.
final class ConnectionBudget: Sendable {
    private let limits: LivePeerLimits
    private let used = NIOLockedValueBox(0)

    init(limits: LivePeerLimits) {
        self.limits = limits
    }

    /// Takes one connection; false when all are in use.
    func take() -> Bool {
        let limit = self.limits.current.connections
        return self.used.withLockedValue { used in
            guard used < limit else { return false }
            used += 1
            return true
        }
    }

    /// Gives one back.
    func giveBack() {
        self.used.withLockedValue { $0 -= 1 }
    }

    /// Connections in use.
    var inUse: Int { self.used.withLockedValue { $0 } }
}
