// SPDX-License-Identifier: Apache-2.0

package import Deflate

/// A copy of one torrent's figures about compression, since the daemon started. A block is what is asked for at once.
package struct CompressionStatus: Hashable, Sendable {
    /// Whether blocks are compressed.
    package var mode = CompressionMode.auto
    /// Bytes of blocks sent, as they are.
    package var sent: UInt64 = 0
    /// What of those was put on the wire, heads of messages aside.
    package var sentWire: UInt64 = 0
    /// Bytes of blocks received, as they are.
    package var received: UInt64 = 0
    /// What of those came over the wire.
    package var receivedWire: UInt64 = 0
    /// Blocks that were compressed here.
    package var blocksCompressed: UInt64 = 0
    /// Bytes of those, as they are.
    package var bytesCompressed: UInt64 = 0
    /// Blocks that were sent compressed.
    package var blocksSent: UInt64 = 0
    /// Of those sent, the ones that had been compressed for another peer, or by the one that they came from.
    package var blocksReused: UInt64 = 0
    /// Bytes of compressed blocks that are kept.
    package var cachedBytes = 0

    /// Nothing moved yet.
    package init() {}
}
