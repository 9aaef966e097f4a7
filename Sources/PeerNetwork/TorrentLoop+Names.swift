// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel

/// A hybrid's two names (BEP 52, "upgrade path"): peers of both swarms are peers of one torrent.
extension TorrentLoop {
    /// The name by which peers in a swarm of that version know the torrent; its only one when there is no other.
    func name(in version: ProtocolVersion) -> InfoHash {
        guard let other = self.otherHash else { return self.infoHash }
        return self.version(of: other) == version ? other : self.infoHash
    }

    /// The swarm that goes by a name.
    func version(of name: InfoHash) -> ProtocolVersion { name == self.infoHashV2?.truncated ? .v2 : .v1 }

    /// The name that an address is called by when it is dialled.
    func dialledName(of endpoint: PeerEndpoint) -> InfoHash { self.name(in: self.candidates.version(of: endpoint)) }

    /// The name that an inbound peer is answered with: the one it used, or the v2 one when it would rather have that.
    func answeredName(of peer: InboundPeer) -> InfoHash {
        guard let v2 = self.infoHashV2?.truncated, peer.offersV2 else { return peer.name }
        return v2
    }
}

extension PeerConnection {
    /// The swarm in which the peer knows the torrent, past the handshake.
    var version: ProtocolVersion { self.session.usesV2 ? .v2 : .v1 }
}
