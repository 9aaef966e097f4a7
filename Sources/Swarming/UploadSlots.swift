// SPDX-License-Identifier: Apache-2.0

/// How many interested peers are served at a time.
package enum UploadSlots: Hashable, Sendable, BitwiseCopyable {
    /// Always as many.
    case fixed(Int)
    /// Follows the upload rate: the square root of 0.6 times the rate in KiB/s, from 4 to 64, as mainline did.
    case automatic

    func count(atRate bytesPerSecond: Double) -> Int {
        switch self {
        case .fixed(let count): return max(count, 0)
        case .automatic:
            let rate = max(bytesPerSecond, 0) / 1024
            return rate.isFinite ? Int(max(4, min(64, (0.6 * rate).squareRoot()))) : 64
        }
    }
}
