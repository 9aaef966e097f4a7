// SPDX-License-Identifier: Apache-2.0

/// A reporter that may be recommended.
struct RankedReporter: BitwiseCopyable {
    /// Scores are told apart to one of so many parts of the highest.
    private static let classes = 64
    /// What one piece scores that one has who was not recommended lately.
    private static let unit: UInt32 = 256

    /// Where it stands among those that are there.
    let place: UInt32
    /// 0 for who is of no use to the asker.
    var score: UInt32 = 0

    init(place: UInt32) {
        self.place = place
    }

    /// `news` pieces are new to the asker; it was recommended `load` times lately.
    @inline(__always)
    mutating func rate(news: Int, load: UInt32) {
        self.score = UInt32(truncatingIfNeeded: news) &* Self.unit / (load + 1)
    }

    /// Puts those of use in order, the best first, into as much space; returns how many they are.
    static func order(
        _ candidates: UnsafeMutableBufferPointer<RankedReporter>,
        into ordered: UnsafeMutableBufferPointer<RankedReporter>
    ) -> Int {
        let highest = candidates.reduce(0) { max($0, $1.score) }
        guard highest > 0 else { return 0 }
        // Classes in 16.16 fixed point, the best being class 0: one division for all.
        let scale = UInt32(Self.classes - 1) << 16 / highest
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.classes) { ends in
            ends.initialize(repeating: 0)
            for candidate in candidates where candidate.score > 0 {
                ends[Self.classes - 1 - Int((candidate.score &* scale) >> 16)] += 1
            }
            var used: UInt32 = 0
            for index in ends.indices {
                let count = ends[index]
                ends[index] = used
                used += count
            }
            for candidate in candidates where candidate.score > 0 {
                let index = Self.classes - 1 - Int((candidate.score &* scale) >> 16)
                ordered[Int(ends[index])] = candidate
                ends[index] += 1
            }
            return Int(used)
        }
    }
}
