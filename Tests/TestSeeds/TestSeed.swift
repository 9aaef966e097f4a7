// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The seeds of random tests.
///
/// Who runs the tests of the same sources twice gets the same answer twice: the seeds are fixed. `SWARM_SEED=random` looks for
/// what they do not find, with new ones that are printed, and `SWARM_SEED=n` repeats one.
package enum TestSeed {
    /// One seed; `purpose` is printed beside it.
    package static func one(_ purpose: String = #function, fixed: UInt64 = 20_261) -> UInt64 {
        let seed = Self.given ?? (Self.isRandom ? .random(in: 1...UInt64(UInt32.max)) : fixed)
        print("\(purpose): SWARM_SEED=\(seed)")
        return seed
    }

    /// The fixed ones, and where new ones are looked for a fresh one as well; or the given one alone.
    package static func several(_ fixed: some Sequence<UInt64>) -> [UInt64] {
        if let given = Self.given { return [given] }
        return Array(fixed) + (Self.isRandom ? [.random(in: 1_000...UInt64(UInt32.max))] : [])
    }

    private static let text = getenv("SWARM_SEED").map { String(cString: $0) }
    private static let given = Self.text.flatMap { UInt64($0) }
    private static let isRandom = Self.text == "random"
}
