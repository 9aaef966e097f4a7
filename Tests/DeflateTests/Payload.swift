// SPDX-License-Identifier: Apache-2.0

import Deflate
import SwarmModel

/// Bytes to compress, and what becomes of them.
enum Payload {
    /// Words in random order.
    static func text(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        let words = (0..<400).map { _ in
            (0..<2 + random.next(below: 8)).map { _ in UInt8(0x61 + random.next(below: 20)) } + [0x20]
        }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += words[Int(random.next(below: 400))] }
        return Array(bytes.prefix(count))
    }

    static func noise(_ count: Int, seed: UInt64 = 2) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
    }

    /// Deflated into at most `limit` bytes; nil when that is not enough.
    static func deflated(_ bytes: [UInt8], with deflater: BlockDeflater, limit: Int) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: limit)
        let count = bytes.withUnsafeBytes { input in output.withUnsafeMutableBytes { deflater.deflate(input, into: $0) }
        }
        return count.map { Array(output.prefix($0)) }
    }

    /// Inflated to exactly `count` bytes. Traps when anything was written beside them.
    static func inflated(
        _ bytes: [UInt8], with inflater: BlockInflater, count: Int
    ) -> Result<[UInt8], InflateError> {
        var memory = [UInt8](repeating: 0xa5, count: count + 512)
        let error = bytes.withUnsafeBytes { input in
            memory.withUnsafeMutableBytes { memory in
                inflater.inflate(input, into: UnsafeMutableRawBufferPointer(rebasing: memory[256..<256 + count]))
            }
        }
        precondition((memory.prefix(256) + memory.suffix(256)).allSatisfy { $0 == 0xa5 }, "written outside")
        return error.map { .failure($0) } ?? .success(Array(memory[256..<256 + count]))
    }
}
