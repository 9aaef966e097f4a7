// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What the node wants done.
package enum LocalNodeOutput: Hashable, Sendable {
    /// A datagram is to be sent.
    case send([UInt8], to: PeerEndpoint)
    /// Peers of a torrent that were not known in this search.
    case peers(InfoHash, [PeerEndpoint])
    /// A search of a torrent is over.
    case searched(InfoHash, TorrentSearch.Result)
    /// The id changed, because most nodes see us at this address (BEP 42).
    case moved(to: IPAddress)
}
