// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension PeerSession {
    /// Which side dialled.
    package enum Role: Hashable, Sendable, BitwiseCopyable {
        case inbound
        case outbound
    }

    /// What a session knows before the first byte. The defaults suit a daemon that is still downloading.
    package struct Configuration: Sendable {
        /// Which side dialled.
        package var role: Role
        /// The torrent, as it stands in handshakes.
        package var infoHash: InfoHash
        /// Another name of the same torrent, by which peers may call it as well: a hybrid has two (BEP 52).
        package var otherHash: InfoHash?
        /// That of its names which is the v2 one, when it has hash trees (BEP 52).
        package var v2Hash: InfoHash?
        /// The name that the peer is called by or answered with; nil for `infoHash`.
        package var spokenHash: InfoHash?
        /// Our own peer id.
        package var localID: PeerID
        /// How the torrent divides.
        package var geometry: TorrentGeometry
        /// The port at which we listen, told to peers that were dialled (BEP 10 `p`).
        package var listenPort: UInt16?
        /// The UDP port of our node of the hash table, told to peers that have one too (BEP 5 `port`); nil for none.
        package var nodePort: UInt16?
        /// Our name and version (BEP 10 `v`).
        package var clientName = "Swarm"
        /// Requests of the peer that we keep waiting (BEP 10 `reqq`).
        package var acceptedRequestLimit = 2000
        /// The most blocks ever to be outstanding at the peer.
        package var maximumWindow = 2000
        /// The handshake must be complete after this long.
        package var handshakePatience = PeerSession.handshakePatience
        /// Outstanding blocks are given up when none has come for this long.
        package var blockPatience = PeerSession.blockPatience
        /// The first keep-alive is sent when nothing was for this long. Sooner than the others it helps peers to which the
        /// end of what came with the handshake is news only when something follows it.
        package var firstKeepAlive = PeerSession.keepAliveInterval
        /// Whether we ask for nothing, because we have all that we want (BEP 21).
        package var isUploadOnly = false
        /// Whether to offer BEP 6.
        package var supportsFast = true
        /// Whether to offer BEP 10.
        package var supportsExtensions = true
        /// The peer's address as we see it, told to it (BEP 10 `yourip`).
        package var externalAddressOfPeer: IPAddress?
        /// Bytes of the info dictionary, if we can serve it (BEP 9).
        package var metadataSize: Int?

        /// Whether peers may tell each other of others (BEP 11): not of a private torrent's.
        package var exchangesPeers = false

        /// Whether the peer may send blocks compressed (`sw_deflate`).
        package var acceptsCompressed = false
        /// The longest block in bytes that the peer may ask for; told when it is more than usual (`sw_reqmax`).
        package var acceptedBlockLength = TorrentGeometry.blockLength

        /// The parts that have no default.
        package init(role: Role, infoHash: InfoHash, localID: PeerID, geometry: TorrentGeometry) {
            self.role = role
            self.infoHash = infoHash
            self.localID = localID
            self.geometry = geometry
        }
    }
}
