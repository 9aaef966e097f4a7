// SPDX-License-Identifier: Apache-2.0

/// What a received block meant.
package enum BlockOutcome: Hashable, Sendable, BitwiseCopyable {
    /// It was missing, and its piece still lacks others.
    case accepted
    /// It was the last that its piece lacked: the piece may be hashed. It takes no more payload from now on.
    case completesPiece
    /// It had come already, from somebody else.
    case duplicate
    /// Nobody wants it: not a block of this torrent, or of a piece that is not under way.
    case unwanted
}
