// SPDX-License-Identifier: Apache-2.0

/// Where a handshake stands: what is read next.
enum HandshakePhase {
    /// The other side's public key.
    case key
    /// Responder: padding, up to the digest that shows the shared secret.
    case request
    /// Responder: the torrent's name, hidden.
    case torrent
    /// Responder: the constant, the methods offered, the length of padding.
    case offer
    /// Responder: padding and the length of the initiator's first plain bytes.
    case initialLength
    /// Responder: those bytes, which are encrypted as the handshake is, whatever is agreed on for the rest.
    case initialBytes
    /// Initiator: padding, up to the encrypted constant.
    case verification
    /// Initiator: the method selected, the length of padding.
    case selection
    /// Initiator: padding.
    case padding
    /// All is encrypted from here on.
    case open
    /// Nothing is encrypted from here on.
    case plain
    /// Nothing is done any more.
    case over
}
