// SPDX-License-Identifier: Apache-2.0

/// What a datagram about the piece map is about. The numbers lie far from those of BEP 15, so that a tracker without a
/// piece map knows none of them; the answer to each has the same number, or that of `DatagramAction.error`.
package enum PieceAction: UInt32, Hashable, Sendable, CaseIterable {
    /// A peer tells which pieces it has: `PieceReport`.
    case report = 0x5357_0001
    /// Who has these pieces?
    case holders = 0x5357_0002
    /// How many have each of these pieces?
    case availability = 0x5357_0003
    /// Which pieces do the fewest have?
    case rarest = 0x5357_0004
    /// Which trackers would look after the torrent next?
    case nodes = 0x5357_0006
}

/// Answers that no question has the number of.
package enum PieceRedirection {
    /// Another tracker of the cluster looks after the torrent: `PieceAnswer.moved`.
    package static let action: UInt32 = 0x5357_0005
    /// Most trackers named, and most bytes of a name.
    package static let mostTrackers = 8
    package static let longestTracker = 255
}
