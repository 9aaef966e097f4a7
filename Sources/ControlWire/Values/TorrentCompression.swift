// SPDX-License-Identifier: Apache-2.0

/// What compression between Swarm peers did for one torrent, since the daemon started it. A block is what is asked for at
/// once, 16 to 128 KiB.
package struct TorrentCompression: ControlObject {
    /// Whether data is compressed: `auto`, `always` or `never`.
    package var mode: String
    /// Bytes of blocks sent, as they are.
    package var sent: Int
    /// Bytes of those on the wire, heads of messages aside.
    package var sentWire: Int
    /// Bytes of blocks received, as they are.
    package var received: Int
    /// Bytes of those on the wire.
    package var receivedWire: Int
    /// Bytes on the wire for each byte of a block, both ways; 1 while nothing was moved.
    package var ratio: Double
    /// Blocks that were compressed here.
    package var blocksCompressed: Int
    /// Bytes of those, as they are.
    package var bytesCompressed: Int
    /// Blocks that were sent compressed.
    package var blocksSent: Int
    /// Of those, the ones that had been compressed for another peer, or by the one that they came from.
    package var blocksReused: Int
    /// Bytes of compressed blocks that are kept.
    package var cached: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case mode
        case sent
        case sentWire = "sent_wire"
        case received
        case receivedWire = "received_wire"
        case ratio
        case blocksCompressed = "blocks_compressed"
        case bytesCompressed = "bytes_compressed"
        case blocksSent = "blocks_sent"
        case blocksReused = "blocks_reused"
        case cached
    }

    /// Nothing moved yet.
    package init(mode: String) {
        self.mode = mode
        self.sent = 0
        self.sentWire = 0
        self.received = 0
        self.receivedWire = 0
        self.ratio = 1
        self.blocksCompressed = 0
        self.bytesCompressed = 0
        self.blocksSent = 0
        self.blocksReused = 0
        self.cached = 0
    }
}
