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
        into peers: inout PackedPeers
    ) {
        let population = self.population(leechersOnly: leechersOnly, without: slot)
        let count = min(wanted, population)
        guard count > 0 else { return }
        // Stretches in 32.32 fixed point: one division for all of them.
        let stride = UInt64(population) << 32 / UInt64(count)
        let turn = Int(random.next(below: UInt64(count)))
        let passed = slot ?? .max
        let records = self.records
        peers.append(upTo: count * Address.packedLength) { target in
            var written = 0
            for step in 0..<count {
                let stretch = step + turn < count ? step + turn : step + turn - count
                let low = Int((UInt64(stretch) * stride) >> 32)
                let high = stretch + 1 < count ? Int((UInt64(stretch + 1) * stride) >> 32) : population
                var pick = high - low > 1 ? low + Int(random.next(below: UInt64(high - low))) : low
                if pick >= passed { pick += 1 }
                let record = records[pick]
                guard record.identity != identity else { continue }
                record.address.write(to: target + written)
                written += Address.packedLength
            }
            return written
        }
    }
}
