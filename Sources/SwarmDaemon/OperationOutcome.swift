// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers

/// Carries the error of an operation out of the queue of its torrent.
final class OperationOutcome: Sendable {
    private let box = NIOLockedValueBox<(any Error)?>(nil)

    /// What went wrong; nil when nothing did.
    var error: (any Error)? { self.box.withLockedValue { $0 } }

    func set(_ error: any Error) {
        self.box.withLockedValue { $0 = error }
    }
}
