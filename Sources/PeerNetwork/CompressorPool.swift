// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import NIOCore

/// Compressors for whichever thread needs one, each used again; about 400 KiB apiece, and never more than threads.
final class CompressorPool: Sendable {
    private let spare = NIOLockedValueBox<[BlockCompressor]>([])

    /// Compresses a block at a level of `BlockDeflater.levels`. Nil when it does not shrink enough, or there is no memory.
    func compress(_ block: ByteBuffer, level: Int) -> ByteBuffer? {
        let taken = self.spare.withLockedValue { $0.popLast() }
        // One of another level is left over from before the level was changed.
        let fit = taken.flatMap { $0.level == level ? $0 : nil } ?? BlockCompressor(level: level)
        guard let fit else { return nil }
        defer { self.spare.withLockedValue { $0.append(fit) } }
        return fit.compress(block)
    }

    /// Gives memory back that nobody uses now.
    func tidy() { self.spare.withLockedValue { $0 = [] } }
}
