// SPDX-License-Identifier: Apache-2.0

/// A quick look at bytes, forty times cheaper than deflating them: whether they are so evenly spread that it is not worth
/// trying. Random, encrypted and compressed data is.
package enum ByteSpread {
    /// Bytes that are looked at; more make it no surer.
    static let sampleLength = 4096
    /// Two bytes at random are equal with 1/256 where all values are equally frequent. Files that are compressed already
    /// come near that; what deflates by a tenth is above this multiple of it.
    static let evenness = 1.2

    /// Whether `bytes` are spread too evenly to deflate well. Never said of fewer than 1 KiB. A copy of random bytes that
    /// stands near them goes unseen.
    package static func isEven(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 1024 else { return false }
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { counts in
            counts.initialize(repeating: 0)
            // Four runs over the whole, because a block may begin with a head that is unlike the rest.
            let runs = 4
            let run = min(bytes.count, Self.sampleLength) / runs
            let step = (bytes.count - run) / (runs - 1)
            for index in 0..<runs {
                for byte in bytes[index * step..<index * step + run] { counts[Int(byte)] += 1 }
            }
            let total = Double(run * runs)
            let squares = counts.reduce(0.0) { $0 + Double($1) * Double($1) }
            let equal = (squares - total) / (total * (total - 1))
            return equal * 256 < Self.evenness
        }
    }
}
