// SPDX-License-Identifier: Apache-2.0

import Bencode
package import SwarmModel

/// What a peer says of itself in extension message 0 (BEP 10; `upload_only` BEP 21; `metadata_size` BEP 9; `yourip`
/// BEP 24). Every field is optional; a field of the wrong form counts as absent.
package struct ExtendedHandshake: Hashable, Sendable {
    /// The most extensions that are remembered of one peer.
    package static let extensionLimit = 64
    /// The longest client name in bytes; what is longer is cut.
    package static let clientNameLimit = 64

    /// Names `CompressedBlock` in `messages`.
    package static let deflateName = "sw_deflate"
    /// Names `MetadataMessage` in `messages` (BEP 9).
    package static let metadataName = "ut_metadata"
    /// Names `PeerExchangeMessage` in `messages` (BEP 11).
    package static let exchangeName = "ut_pex"
    /// Names the message that takes a HAVE back in `messages` (BEP 54).
    package static let dontHaveName = "lt_donthave"

    /// The sender's number for each extension message that it understands, by name. 0 means "no longer".
    package var messages: [String: UInt8] = [:]
    /// Name and version of the sender's client.
    package var clientName: String?
    /// The TCP port at which the sender listens.
    package var listenPort: UInt16?
    /// How many requests the sender keeps waiting without dropping any (`reqq`).
    package var requestLimit: Int?
    /// Bytes of the info dictionary.
    package var metadataSize: Int?
    /// The receiver's address as the sender sees it.
    package var receiverAddress: IPAddress?
    /// Whether the sender asks for nothing, because it has all or wants no more.
    package var isUploadOnly: Bool?
    /// The longest block in bytes that may be requested from the sender (ours: `sw_reqmax`).
    package var blockLimit: UInt32?

    /// Says nothing.
    package init() {}
}
