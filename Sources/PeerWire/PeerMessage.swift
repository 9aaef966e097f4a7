// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What the stream parser found next: trivial, at most 16 bytes. Payload bytes are never in it, only where they lie.
package enum PeerMessage: Hashable, Sendable, BitwiseCopyable {
    /// All input is used up.
    case needMore
    /// The peer's handshake is complete: see `PeerStreamParser.handshake`.
    case handshake
    case keepAlive
    case choke
    case unchoke
    case interested
    case notInterested
    case have(PieceIndex)
    /// A bitfield of the right size, whole in `PeerStreamParser.body`.
    case bitfield
    /// Its numbers are as sent: `TorrentGeometry.contains(_:)` judges them.
    case request(BlockRange)
    /// A block begins; its bytes follow as `payload`. Its numbers are as sent.
    case block(BlockRange)
    /// The next `count` bytes of the block that began: they lie in the input at `offset`.
    case payload(offset: UInt32, count: UInt32)
    /// The block that began has come whole.
    case blockEnd
    /// Its numbers are as sent.
    case cancel(BlockRange)
    /// The port of the peer's DHT node (BEP 5).
    case port(UInt16)
    case suggest(PieceIndex)
    case haveAll
    case haveNone
    /// Its numbers are as sent.
    case reject(BlockRange)
    case allowedFast(PieceIndex)
    /// An extension message (BEP 10) with the receiver's identifier, 0 for the handshake; payload in `body`.
    case extended(UInt8)
    /// Somebody asks for hashes of a file's tree (BEP 52): a `HashRange` in `body`, its numbers as sent.
    case hashRequest
    /// Hashes of a file's tree: a `HashRange` in `body`, then whole hashes. Its numbers are as sent.
    case hashes
    /// Hashes are refused: a `HashRange` in `body`, its numbers as sent.
    case hashReject
    /// A message of a kind unknown here begins; its bytes are skipped.
    case ignored(UInt8)
    /// The stream cannot be read on. Every later call answers the same.
    case fault(WireFault)
}
