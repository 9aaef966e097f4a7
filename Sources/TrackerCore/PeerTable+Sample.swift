// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension PeerTable {
    /// How many a sample can hold at most.
    func population(leechersOnly: Bool, without slot: Int?) -> Int {
        let all = leechersOnly ? self.leechers : self.records.count
        guard let slot, slot < all else { return all }
        return all - 1
    }

    /// Appends up to `wanted` packed addresses: one at random from each of as many equal stretches of the table, so
    /// that nobody comes twice and everybody is as likely. Left out are `slot` and whoever has `identity`.
    func sample(
        _ wanted: Int, leechersOnly: Bool, without slot: Int?, identity: UInt32, random: inout SplitMix64,
        into bytes: inout [UInt8]
    ) {
        let population = self.population(leechersOnly: leechersOnly, without: slot)
        let count = min(wanted, population)
        guard count > 0 else { return }
        let turn = Int(random.next(below: UInt64(count)))
        for step in 0..<count {
            let stretch = step + turn < count ? step + turn : step + turn - count
            let low = stretch * population / count
            let width = (stretch + 1) * population / count - low
            var pick = width > 1 ? low + Int(random.next(below: UInt64(width))) : low
            if let slot, pick >= slot { pick += 1 }
            let record = self.records[pick]
            if record.identity != identity { record.address.append(to: &bytes) }
        }
    }
}
