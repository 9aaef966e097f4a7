// SPDX-License-Identifier: Apache-2.0

/// The tracker at one moment.
package struct TrackerFigures: Hashable, Sendable {
    /// Torrents that somebody takes part in.
    package let torrents: Int
    /// Peers in all of them.
    package let peers: Int
    /// Announces since the start.
    package let announces: UInt64

    /// Takes the figures as they are.
    package init(torrents: Int, peers: Int, announces: UInt64) {
        self.torrents = torrents
        self.peers = peers
        self.announces = announces
    }
}
