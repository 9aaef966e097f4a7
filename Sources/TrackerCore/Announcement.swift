// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
package import TrackerWire

/// An announce as the tracker decides on it: what the peer said, and where it said it from.
package struct Announcement: Hashable, Sendable {
    /// The torrent.
    package var infoHash: InfoHash
    /// Where the peer is reached: the address that the packets come from, the port that it named.
    package var endpoint: PeerEndpoint
    /// Where it is reached in the other family, if it said so and is believed (BEP 7).
    package var otherEndpoint: PeerEndpoint?
    /// The peer's name.
    package var peerID: PeerID
    /// The secret that only this peer and the tracker know.
    package var key: UInt32?
    /// Whether nothing is left to download.
    package var isSeed: Bool
    /// What happened.
    package var event: AnnounceEvent
    /// How many peers it wants; nil leaves it to the tracker.
    package var wanted: Int?
    /// Whether peers of the other family are of use to it, too. An answer in a datagram has room for one (BEP 15).
    package var takesBothFamilies = true
    /// How many peers its answer has room for.
    package var mostWanted = Int.max

    /// Takes a request that came from `address`. What the request says of addresses is believed only when
    /// `believesAddresses`; a peer at `address` may then stand for others, as behind the same router.
    package init(_ request: AnnounceRequest, from address: IPAddress, believesAddresses: Bool = false) {
        self.infoHash = request.infoHash
        self.peerID = request.peerID
        self.key = request.key
        self.isSeed = request.left == 0
        self.event = request.event
        self.wanted = request.wanted
        let claimed = believesAddresses ? request.address.map { PeerEndpoint(address: $0, port: request.port) } : nil
        self.endpoint = claimed ?? PeerEndpoint(address: address, port: request.port)
        if believesAddresses {
            self.otherEndpoint = self.endpoint.address.isV6 ? request.endpointV4 : request.endpointV6
        }
    }

    /// A peer that another node has heard; it is answered there.
    init(infoHash: InfoHash, peerID: PeerID, endpoint: PeerEndpoint, isSeed: Bool, event: AnnounceEvent) {
        self.infoHash = infoHash
        self.peerID = peerID
        self.endpoint = endpoint
        self.isSeed = isSeed
        self.event = event
        self.wanted = 0
    }
}
