// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The policy that holds now, and the socket file that shows it. May be changed while the server runs; who is connected
/// already keeps what he may do.
package final class AccessRules: Sendable {
    private struct State {
        var policy: AccessPolicy
        /// The socket that was made here; nil when it was handed in.
        var socket: (path: String, made: UnixSocket.FileIdentity?)?
    }

    private let state: Mutex<State>

    /// Begins with a policy.
    package init(_ policy: AccessPolicy) {
        self.state = Mutex(State(policy: policy))
    }

    /// The policy that holds now.
    package var policy: AccessPolicy { self.state.withLock { $0.policy } }

    /// Replaces the policy, and fits the mode and the group of the socket file to it. False when the file is not ours to
    /// fit: whoever handed the socket in decides who reaches it.
    package func change(to policy: AccessPolicy) -> Bool {
        self.state.withLock { state in
            state.policy = policy
            guard let socket = state.socket else { return false }
            return UnixSocket.fit(socket.path, made: socket.made, mode: policy.socketMode, group: policy.groupNumber)
        }
    }

    /// Takes note of the socket file that was made under these rules.
    func rule(over path: String, made: UnixSocket.FileIdentity?) {
        self.state.withLock { $0.socket = (path, made) }
    }
}

extension AccessPolicy {
    /// Where others may look they must be able to connect; what they may do is decided by who they are.
    var socketMode: mode_t { self.othersMayRead ? 0o666 : 0o660 }
}
