// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What an announce is answered with, but for the peers.
package struct AnnounceDecision: Hashable, Sendable, BitwiseCopyable {
    /// The torrent after the announce.
    package var counts: SwarmCounts
    /// When to come back, jitter included.
    package var interval: Interval
    /// What to wait at least.
    package var minimumInterval: Interval
    /// How often to report pieces, for peers that do.
    package var reportPeriod: Interval
}
