// SPDX-License-Identifier: Apache-2.0

/// How much a reader takes before it refuses: hostile input costs no more than this.
package struct BencodeLimits: Hashable, Sendable, BitwiseCopyable {
    /// Bytes of input.
    package let bytes: Int
    /// Containers inside each other.
    package let depth: Int
    /// Values and keys together; each costs sixteen bytes of memory.
    package let values: Int

    /// Any limits, `bytes` and `values` cut to what 32-bit offsets can name.
    package init(bytes: Int, depth: Int, values: Int) {
        self.bytes = min(bytes, Int(UInt32.max) - 1)
        self.depth = depth
        self.values = min(values, Int(UInt32.max) - 1)
    }

    /// Digits in one number, leading zeros included. Longer ones are an error, whatever their value.
    package static let digits = 32

    /// For .torrent files and info dictionaries: 64 MiB, 128 deep, four million values.
    package static let torrent = BencodeLimits(bytes: 64 << 20, depth: 128, values: 4_000_000)
    /// For what peers and trackers send: 2 MiB, 32 deep, a hundred thousand values.
    package static let message = BencodeLimits(bytes: 2 << 20, depth: 32, values: 100_000)
}
