// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a peer tells a tracker (BEP 3, 7, 23): the same value whether it travels as a query or as a datagram.
package struct AnnounceRequest: Hashable, Sendable {
    /// The torrent.
    package var infoHash: InfoHash
    /// The peer's own name.
    package var peerID: PeerID
    /// Where the peer listens, host order. A tracker refuses 0.
    package var port: UInt16
    /// Payload bytes sent since `started`.
    package var uploaded: UInt64 = 0
    /// Payload bytes received since `started`.
    package var downloaded: UInt64 = 0
    /// Payload bytes still wanted; 0 is a seed. Absent in a query it reads as `UInt64.max`: not known yet.
    package var left: UInt64
    /// What happened.
    package var event: AnnounceEvent = .none
    /// How many peers are wanted; nil leaves it to the tracker.
    package var wanted: Int?
    /// Whether peers come packed (BEP 23). A query that says nothing gets them packed.
    package var isCompact = true
    /// Whether peer ids may be left out of the dictionary form.
    package var omitsPeerID = false
    /// A secret between peer and tracker that outlives a change of address; the same for both address families.
    package var key: UInt32?
    /// Whether the peer would report its pieces: then the answer says how often, if the tracker keeps a piece map.
    package var offersReports = false
    /// What the tracker asked to be told again.
    package var trackerID: [UInt8]?
    /// The address the peer gives itself. Trackers believe it only of neighbours.
    package var address: IPAddress?
    /// Where the peer also listens over IPv4 (BEP 7).
    package var endpointV4: PeerEndpoint?
    /// Where the peer also listens over IPv6 (BEP 7).
    package var endpointV6: PeerEndpoint?

    /// A regular announce; the rest is set field by field.
    package init(infoHash: InfoHash, peerID: PeerID, port: UInt16, left: UInt64, event: AnnounceEvent = .none) {
        self.infoHash = infoHash
        self.peerID = peerID
        self.port = port
        self.left = left
        self.event = event
    }
}
