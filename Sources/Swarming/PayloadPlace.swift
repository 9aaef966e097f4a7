// SPDX-License-Identifier: Apache-2.0

/// Where the bytes of a block go that a peer sends. Entries are small numbers, used again: keep buffers in an array by them.
package enum PayloadPlace: Hashable, Sendable, BitwiseCopyable {
    /// Into the buffer of the piece under this entry.
    case buffer(Int)
    /// Beside it: another peer is sending the block, too. Whoever is through first is believed.
    case aside(Int)
    /// Nowhere: it is not a block of a piece under way, or is here already.
    case nowhere
}
