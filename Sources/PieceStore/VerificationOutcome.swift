// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a verification found.
package struct VerificationOutcome: Hashable, Sendable {
    /// The pieces that were examined and are right.
    package let valid: Bitfield
    /// Whether it was stopped before its end: then pieces not in `valid` may be right all the same.
    package let wasCancelled: Bool
    /// The first failure of the disk, if any; its piece counts as not there.
    package let error: StorageError?
    /// The first piece whose bytes are right by one of a hybrid's hashes and wrong by the other, if any; it counts as not
    /// there.
    package let contradiction: PieceIndex?

    /// States what was found.
    package init(valid: Bitfield, wasCancelled: Bool, error: StorageError? = nil, contradiction: PieceIndex? = nil) {
        self.valid = valid
        self.wasCancelled = wasCancelled
        self.error = error
        self.contradiction = contradiction
    }
}
