// SPDX-License-Identifier: Apache-2.0

extension PeerViolation.Code {
    /// What it takes from the fault budget; nil ends the session at once. Minor is whatever an honest client may do by a
    /// race or an old habit.
    var cost: Int? {
        switch self {
        case .wire, .wrongInfoHash, .ownPeerID, .handshakeTimeout, .silent, .spareBits,
            .wrongBlockLength, .requestOutOfRange, .malformedCompressedBlock, .badCompression,
            .malformedMetadata, .wrongMetadata, .malformedExtension, .wrongHashes:
            nil
        case .unrequestedBlock: 8
        case .notNegotiated, .badExtendedHandshake: 4
        case .exchangeFlood, .unrequestedHashes: 2
        case .requestForMissingPiece, .requestWhileChoked, .tooManyRequests, .needlessCancel, .unrequestedReject,
            .needlessBitfield:
            1
        }
    }
}
