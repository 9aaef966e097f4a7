// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The connection that an instance of a transport is made for.
package struct LinkSettings: Sendable {
    /// Who began it.
    package var role: LinkRole
    /// The operator's word.
    package var encryption: LinkEncryption
    /// The torrent, for an initiator; nil for a responder.
    package var infoHash: InfoHash?
    /// Begins the instance's own random sequence, which no secret comes of.
    package var seed: UInt64
    /// Datagrams: the key under which they are passed to the instance.
    package var key: UInt32 = 0
    /// Datagrams: payload of the largest that the network's first hop takes.
    package var maximumDatagram: UInt32 = 0
    /// Datagrams: whether the peer's address is IPv6.
    package var isV6 = false
    /// Finds the torrent by the name that the transport gives it; for responders of transports that name torrents.
    package var findTorrent: (@Sendable (Bytes20) -> InfoHash?)?

    /// A connection over a stream.
    package init(role: LinkRole, encryption: LinkEncryption, infoHash: InfoHash? = nil, seed: UInt64) {
        self.role = role
        self.encryption = encryption
        self.infoHash = infoHash
        self.seed = seed
    }
}
