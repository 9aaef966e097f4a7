// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TestSeeds

/// What random tests draw from.
enum Seed {
    static func random(_ purpose: String) -> SplitMix64 { SplitMix64(seed: TestSeed.one(purpose)) }
}
