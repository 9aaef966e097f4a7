// SPDX-License-Identifier: Apache-2.0

import PieceStore

/// What all torrents share of compression.
struct CompressionServices: Sendable {
    /// Compressors.
    let compressors = CompressorPool()
    /// Bytes that compressed blocks may hold, of all torrents together.
    let budget: ByteBudget
    /// Blocks of a torrent that may be in the hands of the store's threads at a time.
    let maximumInFlight = 2 * PieceStore.coreCount
    /// Raw bytes a second that compression may be hoped to take before it was measured: more than zlib does at any level
    /// that one would choose, so that it is not begun in vain on links that are faster.
    let hopedForSpeed = 40e6 * Double(PieceStore.coreCount)

    init(cacheSize: Int) {
        self.budget = ByteBudget(limit: cacheSize)
    }
}
