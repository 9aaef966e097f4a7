// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Who speaks, in every request about the piece map: the names under which it announced itself. They are what a tracker
/// finds its entry by, together with the address that the request comes from.
package struct MappedPeer: Hashable, Sendable, BitwiseCopyable {
    /// Bytes on the wire.
    package static let length = 46

    /// The torrent.
    package var infoHash: InfoHash
    /// The peer's name.
    package var peerID: PeerID
    /// The secret of its announces; 0 where they have none.
    package var key: UInt32
    /// The port that it announced.
    package var port: UInt16

    /// Takes names as they are.
    package init(infoHash: InfoHash, peerID: PeerID, key: UInt32, port: UInt16) {
        self.infoHash = infoHash
        self.peerID = peerID
        self.key = key
        self.port = port
    }

    /// Reads the first `length` bytes, which must be there.
    init(_ body: Span<UInt8>) {
        self.infoHash = InfoHash(body.twentyBytes(at: 0))
        self.peerID = PeerID(body.twentyBytes(at: 20))
        self.key = body.number32(at: 40)
        self.port = body.number16(at: 44)
    }

    func write(to writer: inout DatagramWriter) {
        writer.append(self.infoHash.digest)
        writer.append(self.peerID.value)
        writer.append(self.key)
        writer.append(self.port)
    }
}
