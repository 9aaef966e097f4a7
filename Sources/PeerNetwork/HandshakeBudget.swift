// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import SwarmModel

/// How many handshakes of transports that compute (key exchanges) strangers may make us go through: a bucket that holds
/// `burst` of them and fills again at `perSecond`. What is beyond it is turned away, so that a flood of connections cannot
/// take the processor from the peers that are here.
final class HandshakeBudget: Sendable {
    static let perSecond = 200.0
    static let burst = 400.0

    private let state: NIOLockedValueBox<(left: Double, at: Instant)>

    init(at now: Instant) {
        self.state = NIOLockedValueBox((Self.burst, now))
    }

    /// Takes one; false when there is none.
    func take(at now: Instant) -> Bool {
        self.state.withLockedValue { state in
            let gained = max(0, (now - state.at).inSeconds) * Self.perSecond
            state.left = min(Self.burst, state.left + gained)
            state.at = max(state.at, now)
            guard state.left >= 1 else { return false }
            state.left -= 1
            return true
        }
    }
}
