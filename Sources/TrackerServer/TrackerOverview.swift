// SPDX-License-Identifier: Apache-2.0

/// The tracker at one moment, for operators.
package struct TrackerOverview: Hashable, Sendable {
    /// Torrents that somebody takes part in.
    package let torrents: Int
    /// Peers that have everything.
    package let seeds: Int
    /// Peers that do not.
    package let leechers: Int
    /// Peers that report their pieces.
    package let reporters: Int
    /// Bytes of piece maps.
    package let mapBytes: Int
    /// Announces since the start.
    package let announces: UInt64
    /// Scrapes since the start.
    package let scrapes: UInt64
    /// Those of them that were refused.
    package let refusals: UInt64
}
