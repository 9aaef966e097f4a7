// SPDX-License-Identifier: Apache-2.0

/// Lists the connected peers of a torrent.
package enum TorrentPeers: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.peers"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package struct Result: ControlObject {
        /// The peers.
        package var peers: [PeerStatus]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case peers
        }

        /// Takes the fields as they are.
        package init(peers: [PeerStatus]) {
            self.peers = peers
        }
    }
}
