// SPDX-License-Identifier: Apache-2.0

/// A copy of one torrent's figures, published by its loop at least once a second while it is active.
package struct TorrentStatus: Sendable {
    /// What it is doing.
    package var phase: TorrentPhase = .stopped
    /// Why it is suspended; nil otherwise.
    package var problem: String?
    /// Pieces that are here and verified.
    package var havePieces = 0
    /// Bytes of those pieces.
    package var haveBytes: UInt64 = 0
    /// Bytes that are missing; something while the metadata are.
    package var leftBytes: UInt64 = 0
    /// Bytes of the pieces that are wanted, and of those of them that are missing.
    package var wantedBytes: UInt64 = 0
    package var missingBytes: UInt64 = 0
    /// Bytes of the metadata that are here, and that there are, while they are fetched.
    package var metadata = (done: 0, total: 0)
    /// Payload bytes received since the daemon started.
    package var downloaded: UInt64 = 0
    /// Payload bytes sent since the daemon started.
    package var uploaded: UInt64 = 0
    /// Bytes received that were of no use: duplicates, and pieces whose hash did not match.
    package var wasted: UInt64 = 0
    /// Pieces whose hash did not match.
    package var hashFailures = 0
    /// Bytes a second, payload.
    package var downloadRate: Double = 0
    /// Bytes a second, payload.
    package var uploadRate: Double = 0
    /// Connections past their handshake.
    package var peers = 0
    /// Of those, peers that have every piece.
    package var seeds = 0
    /// Addresses known that could be dialled.
    package var candidates = 0
    /// Name of the strategy that picks pieces.
    package var picker = ""
    /// Name of the strategy that chooses whom to serve.
    package var choker = ""
    /// Copies of the rarest piece among us and our peers.
    package var availability: Double = 0
    /// The web servers that have it.
    package var webSeeds: [WebServerStatus] = []
    /// What was compressed.
    package var compression = CompressionStatus()
}
