// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The distance between two ids (Maymounkov, Mazières 2002): 160 bits, compared as one number.
package struct NodeDistance: Hashable, Comparable, Sendable, BitwiseCopyable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    init(from left: Bytes20, to right: Bytes20) {
        let (left, right) = (left.words, right.words)
        self.high = left.high ^ right.high
        self.middle = left.middle ^ right.middle
        self.low = left.low ^ right.low
    }

    /// Bits before the first that is set; 160 for no distance at all.
    package var leadingZeroBitCount: Int {
        if self.high != 0 { return self.high.leadingZeroBitCount }
        if self.middle != 0 { return 64 + self.middle.leadingZeroBitCount }
        return 128 + self.low.leadingZeroBitCount
    }

    package static func < (left: NodeDistance, right: NodeDistance) -> Bool {
        (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }
}
