// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One thing that a node tells another.
package enum ClusterItem: Hashable, Sendable {
    /// A peer announced itself here; its torrent is yours.
    case announced(Announcement)
    /// Clients here take part in this torrent of yours: who else does?
    case asked(InfoHash)
    /// These take part, of as many as the counts say.
    case known(InfoHash, SwarmCounts, [KnownPeer])
}
