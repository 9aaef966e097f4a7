// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a session tells its owner: trivial, at most 24 bytes, appended to a queue that the owner reuses. The state of
/// the session is always that after the whole call, so a later event may already be visible in it.
package enum PeerEvent: Hashable, Sendable, BitwiseCopyable {
    /// Both handshakes are done: `remotePeerID` and the agreed extensions are known, and messages may be sent.
    case handshakeCompleted
    /// The peer answers no more requests. Blocks that it will not answer follow as `blockRejected`.
    case choked
    case unchoked
    case interested
    case notInterested
    /// The peer has a piece it did not have before. When `piecesReplaced` stands before it in the same queue,
    /// `remotePieces` has the piece already: count it only once.
    case have(PieceIndex)
    /// The peer wishes to be asked for this piece (BEP 6).
    case suggested(PieceIndex)
    /// Bitfield, have-all or have-none: read `remotePieces`. After the first time pieces are only ever added, unless
    /// the peer says that it has lost one (BEP 54).
    case piecesReplaced
    /// `count` bytes of a block that was asked for: they begin at `inputOffset` of the span passed to `receive` and
    /// belong at `begin` of the piece.
    case payload(piece: PieceIndex, begin: UInt32, inputOffset: UInt32, count: UInt32)
    /// An answer came compressed: `count` bytes at `offset` of `extensionBytes`, good until the next `receive`, inflate to
    /// the range, of which some blocks may not be wanted any more. A `blockReceived` follows for each that is. When they
    /// do not inflate to exactly that, call `inflateFailed`, and heed none of the events after this one.
    case compressedBlock(BlockRange, offset: UInt32, count: UInt32)
    /// The last byte of a block that was asked for has been given as `payload`, or in a `compressedBlock`.
    case blockReceived(BlockRange)
    /// The peer will not send this block: it is not outstanding any more.
    case blockRejected(BlockRange)
    /// The peer has not sent this block in time: it is not outstanding any more, ask another.
    case blockTimedOut(BlockRange)
    /// A request was put at the end of the upload queue.
    case requested(BlockRange)
    /// A request was taken out of the upload queue again.
    case cancelled(BlockRange)
    /// Read `extendedHandshake`. May come more than once.
    case extendedHandshakeReceived
    /// Read `remoteDHTPort`.
    case nodePortReceived
    /// A message of an extension that we advertised: `count` bytes at `offset` of `extensionBytes`, good until the next
    /// `receive`.
    case extensionMessage(id: UInt8, offset: UInt32, count: UInt32)
    /// The peer asks for hashes of a file's tree (BEP 52): a `HashRange` at `offset` of `extensionBytes`, good until the next
    /// `receive`, its numbers as sent.
    case hashesRequested(offset: UInt32)
    /// Hashes of a file's tree have come, asked for or not: a `HashRange`, then whole hashes, in `count` bytes at `offset`
    /// of `extensionBytes`.
    case hashesReceived(offset: UInt32, count: UInt32)
    /// The peer will not send hashes: a `HashRange` at `offset` of `extensionBytes`.
    case hashesRejected(offset: UInt32)
    /// The peer broke the protocol; `endsConnection` says whether the session has ended over it.
    case violation(PeerViolation)
    /// No block for `Configuration.blockPatience` although some were asked for and the peer is not choking us.
    case snubbed
}
