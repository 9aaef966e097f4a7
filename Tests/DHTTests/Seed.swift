// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwarmModel

/// The seeds of random tests: printed, and repeated by `SWARM_SEED`.
enum Seed {
    static func random(_ purpose: String) -> SplitMix64 {
        let given = ProcessInfo.processInfo.environment["SWARM_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0...UInt64.max)
        print("\(purpose): SWARM_SEED=\(seed)")
        return SplitMix64(seed: seed)
    }
}
