// SPDX-License-Identifier: Apache-2.0

/// All numbers below a count, each once, in an order that looks random: by steps of a random length that has no divisor in
/// common with the count, near to the golden section of it so that neighbours come to lie far apart.
struct Shuffle: BitwiseCopyable {
    private let count: Int
    private let step: Int
    private var last: Int

    init(count: Int, _ random: inout RandomSource) {
        self.count = count
        self.last = random.next(below: count)
        var step = count * 3 / 5 + random.next(below: count / 8 + 1)
        while Self.greatestCommonDivisor(step, count) != 1 { step += 1 }
        self.step = step
    }

    mutating func next() -> Int {
        self.last = (self.last + self.step) % max(self.count, 1)
        return self.last
    }

    private static func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
        var (one, other) = (one, other)
        while other != 0 { (one, other) = (other, one % other) }
        return one
    }
}
