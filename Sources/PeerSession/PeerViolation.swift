// SPDX-License-Identifier: Apache-2.0

package import PeerWire

/// Something a peer may not do, as a value. Small ones are forgiven within a budget; one that ends the session says so.
package struct PeerViolation: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// What was done.
    package enum Code: Hashable, Sendable, BitwiseCopyable {
        /// The bytes are not the protocol.
        case wire(WireFault)
        /// The handshake is about another torrent.
        case wrongInfoHash
        /// The peer has our own id: we have dialled ourselves.
        case ownPeerID
        /// No handshake within `Configuration.handshakePatience`.
        case handshakeTimeout
        /// Nothing at all for `PeerSession.silencePatience`.
        case silent
        /// A bitfield, have-all or have-none after the first messages that tells nothing new.
        case needlessBitfield
        /// A bitfield with bits set past the last piece.
        case spareBits
        /// A message of an extension that was not agreed on in the handshakes.
        case notNegotiated
        /// A block that was not asked for, or came twice.
        case unrequestedBlock
        /// A block with more or fewer bytes than were asked for.
        case wrongBlockLength
        /// A request beyond the torrent's pieces or longer than any block.
        case requestOutOfRange
        /// A request for a piece that we do not have.
        case requestForMissingPiece
        /// Requests while choked, beyond what can have been under way.
        case requestWhileChoked
        /// More requests waiting than we said we keep.
        case tooManyRequests
        /// More cancels than there were requests.
        case needlessCancel
        /// A rejection of something that was not asked for.
        case unrequestedReject
        /// An extension handshake that is not a bencoded dictionary.
        case badExtendedHandshake
        /// A message of an extension that is malformed.
        case malformedExtension
        /// Messages of the peer exchange more often than is agreed (BEP 11).
        case exchangeFlood
        /// A message of the metadata exchange that is none (BEP 9).
        case malformedMetadata
        /// Metadata of another size than was told, or that do not match the info-hash.
        case wrongMetadata
        /// Hashes of a tree that lead to another root, or are not as many as were asked for (BEP 52).
        case wrongHashes
        /// Hashes of a tree that nobody asked for.
        case unrequestedHashes
        /// A compressed block's message too short for any, or not shorter than the block.
        case malformedCompressedBlock
        /// A compressed block that does not inflate to what was asked for.
        case badCompression(CompressionFault)
    }

    /// What was done.
    package let code: Code
    /// Whether the session has ended over it: nothing more is read or written.
    package let endsConnection: Bool

    /// A violation as it is reported.
    package init(_ code: Code, endsConnection: Bool) {
        self.code = code
        self.endsConnection = endsConnection
    }

    /// Points against the peer's address, of ten that lead to a ban. Ending a session by nonsense costs half of them; what
    /// an honest peer may do, or what is our own doing, costs nothing.
    package var severity: Int {
        switch self.code {
        case .ownPeerID, .handshakeTimeout, .silent, .wrongInfoHash, .badCompression(.outOfMemory): 0
        case .unrequestedBlock: self.endsConnection ? 5 : 1
        case .wire, .needlessBitfield, .spareBits, .notNegotiated, .wrongBlockLength,
            .requestOutOfRange, .requestForMissingPiece, .requestWhileChoked, .tooManyRequests, .needlessCancel,
            .unrequestedReject, .badExtendedHandshake, .malformedExtension, .exchangeFlood, .malformedMetadata,
            .wrongMetadata, .malformedCompressedBlock, .wrongHashes, .unrequestedHashes,
            .badCompression:
            self.endsConnection ? 5 : 0
        }
    }

    /// One clause for a log line.
    package var description: String {
        switch self.code {
        case .wire(let fault): fault.description
        case .wrongInfoHash: "the handshake names another torrent"
        case .ownPeerID: "the peer is this daemon itself"
        case .handshakeTimeout: "no handshake came in time"
        case .silent: "nothing came for too long"
        case .needlessBitfield: "a bitfield came again and told nothing new"
        case .spareBits: "the bitfield has bits past the last piece"
        case .notNegotiated: "a message of an extension came that was not agreed on"
        case .unrequestedBlock: "a block came that was not asked for"
        case .wrongBlockLength: "a block came with another length than was asked for"
        case .requestOutOfRange: "a request lies outside the torrent or is too long"
        case .requestForMissingPiece: "a request names a piece that we do not have"
        case .requestWhileChoked: "requests keep coming while choked"
        case .tooManyRequests: "more requests are waiting than we said we keep"
        case .needlessCancel: "cancels came for nothing that was asked for"
        case .unrequestedReject: "a rejection came of something not asked for"
        case .badExtendedHandshake: "the extension handshake is malformed"
        case .malformedExtension: "a message of an extension is malformed"
        case .exchangeFlood: "it tells of peers too often"
        case .malformedMetadata: "a message of the metadata exchange is malformed"
        case .wrongMetadata: "the metadata it sent are not the torrent's"
        case .wrongHashes: "the hashes it sent are not the file's"
        case .unrequestedHashes: "hashes came that were not asked for"
        case .malformedCompressedBlock: "the message of a compressed block is malformed"
        case .badCompression(let fault): fault.description
        }
    }
}
