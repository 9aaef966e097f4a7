// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension TrackedTorrent {
    /// In a torrent of more than so many times what is wanted, few that were recommended are drawn once more.
    private static let sparseness = 16

    /// Fills `selection`, which may have recommended peers already, with `count` peers for the asker: mostly of the family
    /// it asks over, for it is sure to reach those, and up to a quarter of the other, or more where its own has too few.
    func select(
        for asker: Announcement, identity: UInt32, count: Int, seed: UInt64, random: inout SplitMix64,
        into selection: inout PeerSelection
    ) {
        let addressV4 = PeerAddressV4(asker.endpoint) ?? asker.otherEndpoint.flatMap(PeerAddressV4.init)
        let addressV6 = PeerAddressV6(asker.endpoint) ?? asker.otherEndpoint.flatMap(PeerAddressV6.init)
        let (v4, v6) = (self.v4, self.v6)
        let slotV4 = addressV4.flatMap { v4.find($0, seed: seed) }
        let slotV6 = addressV6.flatMap { v6.find($0, seed: seed) }
        let isSeed = asker.isSeed
        let populationV4 = v4.population(leechersOnly: isSeed, without: slotV4)
        let populationV6 = v6.population(leechersOnly: isSeed, without: slotV6)
        let asksOverV6 = asker.endpoint.address.isV6
        let own = asksOverV6 ? populationV6 : populationV4
        let share: (own: Int, other: Int) =
            asker.takesBothFamilies
            ? Self.share(count, own: own, other: asksOverV6 ? populationV4 : populationV6) : (min(own, count), 0)
        Self.fill(
            &selection.packedV4, asksOverV6 ? share.other : share.own, of: populationV4,
            width: PeerAddressV4.packedLength
        ) { peers, count in
            v4.sample(
                count, leechersOnly: isSeed, without: slotV4, identity: identity, random: &random, into: &peers)
        }
        Self.fill(
            &selection.packedV6, asksOverV6 ? share.own : share.other, of: populationV6,
            width: PeerAddressV6.packedLength
        ) { peers, count in
            v6.sample(
                count, leechersOnly: isSeed, without: slotV6, identity: identity, random: &random, into: &peers)
        }
    }

    /// Fills up to `count` with a sample, which `draw` appends. Of those that were recommended some may be drawn again:
    /// where they are a good part of all, as many are drawn as if there were none, else as many as lack and a few.
    @inline(__always)
    private static func fill(
        _ peers: inout PackedPeers, _ count: Int, of population: Int, width: Int,
        draw: (inout PackedPeers, Int) -> Void
    ) {
        let leading = peers.count
        guard leading > 0 else { return draw(&peers, count) }
        let missing = max(count - leading / width, 0)
        draw(&peers, population > count * Self.sparseness ? min(count, missing + missing / 8 + 4) : count)
        peers.settle(leading: leading, limit: count * width, width: width)
    }

    private static func share(_ count: Int, own: Int, other: Int) -> (own: Int, other: Int) {
        let fromOther = min(other, max(count / 4, count - own))
        return (min(own, count - fromOther), fromOther)
    }
}
