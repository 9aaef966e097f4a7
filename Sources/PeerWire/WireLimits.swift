// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// How much a peer may say at once. Whatever is longer ends the connection before a byte of it is kept.
package enum WireLimits {
    /// The longest block in bytes: what two Swarm peers may ask of each other at once.
    package static let blockLength: UInt32 = 128 << 10
    /// The longest extension message in bytes, its two identifier bytes included (BEP 10).
    package static let extensionMessageLength: UInt32 = 1 << 20
    /// The longest body of a message with hashes of a tree in bytes (BEP 52): nobody is asked for more.
    package static let hashesLength = UInt32(
        HashRange.encodedLength + (HashRange.usualCount + Int(HashRange.layerLimit)) * HashRange.hashLength)
    /// The longest message of an unknown kind that is skipped, in bytes.
    package static let unknownMessageLength: UInt32 = 1 << 20
    /// The longest message of the metadata exchange in bytes (BEP 9): a piece and what is said of it.
    package static let metadataMessageLength = MetadataMessage.pieceLength + 1_024
    /// The longest bitfield in bytes that is read before it is known how many pieces there are: a torrent with more has
    /// metadata that no peer is asked for.
    package static let unsizedBitfieldLength: UInt32 = 128 << 10
    /// Bytes before the body of any message: length, identifier and the three numbers of a request.
    package static let headLength = 17
    /// Body buffers larger than this many bytes are given back when the next body needs a quarter of them at most.
    package static let keptBodyCapacity = 32 << 10
}
