// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Lists the peers of a torrent as the tracker knows them.
package enum TrackerPeers: ControlMethod {
    /// The name on the wire.
    package static let name = "tracker.peers"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package struct Params: ControlObject {
        /// The torrent: the first digits of its info-hash, at least 4.
        package var id: String
        /// At most so many; absent means 1000.
        package var limit: Int?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case limit
        }

        /// Takes the fields as they are.
        package init(id: String, limit: Int? = nil) {
            self.id = id
            self.limit = limit
        }
    }

    /// What comes out.
    package struct Result: ControlObject {
        /// The torrent.
        package var infoHash: InfoHash
        /// The peers.
        package var peers: [TrackedPeerStatus]
        /// How many there are.
        package var total: Int

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case infoHash = "info_hash"
            case peers
            case total
        }

        /// Takes the fields as they are.
        package init(infoHash: InfoHash, peers: [TrackedPeerStatus], total: Int) {
            self.infoHash = infoHash
            self.peers = peers
            self.total = total
        }
    }
}
