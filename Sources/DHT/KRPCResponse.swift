// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a node answers (BEP 5).
package struct KRPCResponse: Hashable, Sendable {
    /// Bytes of a token that are taken.
    package static let maximumTokenLength = 64

    /// The id of who answers.
    package var sender: NodeID
    /// Nodes that are reached over IPv4, closest first.
    package var nodes: [NodeContact] = []
    /// Nodes that are reached over IPv6 (BEP 32).
    package var nodes6: [NodeContact] = []
    /// Who has the torrent.
    package var peers: [PeerEndpoint] = []
    /// What an announce must repeat.
    package var token: [UInt8]?
    /// How many are known to have the torrent, as filters (BEP 33).
    package var counts: AnnouncedCounts?

    /// An answer that says no more than who gives it.
    package init(sender: NodeID) {
        self.sender = sender
    }
}
