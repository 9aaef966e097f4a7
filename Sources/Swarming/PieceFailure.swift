// SPDX-License-Identifier: Apache-2.0

/// Who had a hand in a piece that did not match its hash.
package struct PieceFailure: Hashable, Sendable {
    /// The connected peers that sent some block of it; each once.
    package let contributors: [PeerSlot]
    /// The one that must be to blame, because nobody else had a hand in it. After a failure with several contributors
    /// the piece is fetched from one peer alone, so that the next failure has a culprit.
    package let culprit: PeerSlot?

    /// States a failure.
    package init(contributors: [PeerSlot], culprit: PeerSlot?) {
        self.contributors = contributors
        self.culprit = culprit
    }
}
