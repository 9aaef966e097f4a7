// SPDX-License-Identifier: Apache-2.0

/// Why a byte stream cannot be read on: it is not the protocol, or breaks a limit. Nothing after it can be trusted.
package enum WireFault: UInt8, Error, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The first bytes are not a BitTorrent handshake (BEP 3).
    case notBitTorrent
    /// A message of a known kind whose length does not fit it.
    case wrongLength
    /// A block with no bytes or with more than `WireLimits.blockLength`.
    case blockLength
    /// A bitfield that has not exactly one bit a piece, rounded up to bytes.
    case bitfieldLength
    /// An extension message beyond `WireLimits.extensionMessageLength`.
    case extensionLength
    /// Hashes of a tree (BEP 52) that are not whole, none, or more than `WireLimits.hashesLength`.
    case hashesLength
    /// A message of unknown kind beyond `WireLimits.unknownMessageLength`.
    case unknownLength
    /// A message about a piece that the torrent does not have.
    case pieceOutOfRange

    /// One clause for a log line.
    package var description: String {
        switch self {
        case .notBitTorrent: "the connection does not begin with a BitTorrent handshake"
        case .wrongLength: "a message has a length that its kind cannot have"
        case .blockLength: "a block is empty or longer than \(WireLimits.blockLength) bytes"
        case .bitfieldLength: "a bitfield does not have the torrent's size"
        case .extensionLength: "an extension message is longer than \(WireLimits.extensionMessageLength) bytes"
        case .hashesLength: "a message of hashes has a length that no answer has"
        case .unknownLength: "an unknown message is longer than \(WireLimits.unknownMessageLength) bytes"
        case .pieceOutOfRange: "a message names a piece that the torrent does not have"
        }
    }
}
