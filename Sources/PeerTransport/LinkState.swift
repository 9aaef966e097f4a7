// SPDX-License-Identifier: Apache-2.0

/// What a transport said of a connection last. Raw values, but that of `starting`, are those of the plugin ABI.
package enum LinkState: UInt32, Sendable {
    /// Nothing yet: it still has to agree with the other side.
    case starting = 0
    /// Plain bytes flow both ways.
    case open = 1
    /// The carrier's bytes are the plain bytes; the engine is gone.
    case bypassed = 2
    /// The peer ended the connection in order.
    case ended = 3
    /// It cannot go on.
    case failed = 4

    /// Whether peers may talk.
    package var isOpen: Bool { self == .open || self == .bypassed }
    /// Whether the connection is over.
    package var isOver: Bool { self == .ended || self == .failed }
}
