// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Inflates whole streams into memory under a hard limit: the inflater stops at the first byte beyond it, whatever
/// the input claims. The whole input must be one stream. Memory: the output, and zlib's 40 KiB or so.
package enum Inflate {
    /// Inflates a gzip member (RFC 1952), checksum and length checked.
    package static func gzip(_ bytes: some Collection<UInt8>, limit: Int) throws(InflateError) -> [UInt8] {
        try self.whole(bytes, windowBits: MAX_WBITS + 16, limit: limit)
    }

    /// Inflates a zlib stream (RFC 1950), checksum checked.
    package static func zlib(_ bytes: some Collection<UInt8>, limit: Int) throws(InflateError) -> [UInt8] {
        try self.whole(bytes, windowBits: MAX_WBITS, limit: limit)
    }

    /// Inflates a raw deflate stream (RFC 1951), which carries no checksum.
    package static func raw(_ bytes: some Collection<UInt8>, limit: Int) throws(InflateError) -> [UInt8] {
        try self.whole(bytes, windowBits: -MAX_WBITS, limit: limit)
    }

    /// No deflate stream grows by more than this factor (RFC 1951: 258 bytes from two bits).
    private static let greatestRatio = 1032

    private static func whole(
        _ bytes: some Collection<UInt8>, windowBits: Int32, limit: Int
    ) throws(InflateError) -> [UInt8] {
        precondition(limit >= 0, "an output limit is not negative")
        var input = Array(bytes)
        // Address space, not memory: pages of it that no output reaches are never touched. One byte more than the limit
        // tells "too long" from "cut off".
        let capacity = min(limit, input.count * Self.greatestRatio) + 1
        var failure: InflateError?
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var stream = InflateStream()
            failure = input.withUnsafeMutableBufferPointer { input in
                stream.run(from: input, to: buffer, windowBits: windowBits)
            }
            count = stream.written
        }
        guard output.count <= limit else { throw .limitExceeded(limit: limit) }
        if let failure { throw failure }
        return output
    }
}
