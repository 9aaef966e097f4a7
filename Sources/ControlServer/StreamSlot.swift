// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Synchronization

/// Room for the one stream that a connection may have.
package final class StreamSlot: Sendable {
    private enum State {
        case free
        case taken
        case running(any ControlStream)
        case closed
    }

    private let state = Mutex(State.free)

    /// An empty one.
    package init() {}

    /// Takes the room; throws `refused` when it is taken.
    func take() throws(ControlError) {
        let isFree = self.state.withLock { state in
            guard case .free = state else { return false }
            state = .taken
            return true
        }
        guard isFree else {
            throw ControlError(.refused, "this connection has a subscription already; open another connection")
        }
    }

    /// Gives the room back when what it was taken for failed, or is over.
    func free() {
        self.state.withLock { state in
            switch state {
            case .free, .closed: break
            case .taken, .running: state = .free
            }
        }
    }

    /// Notes what runs in it; false when the client has gone meanwhile.
    func fill(_ stream: any ControlStream) -> Bool {
        self.state.withLock { state in
            switch state {
            case .free, .taken, .running:
                state = .running(stream)
                return true
            case .closed: return false
            }
        }
    }

    /// The client has gone.
    func close() {
        let stream = self.state.withLock { state in
            defer { state = .closed }
            return if case .running(let stream) = state { stream } else { (any ControlStream)?.none }
        }
        stream?.cancel()
    }
}
