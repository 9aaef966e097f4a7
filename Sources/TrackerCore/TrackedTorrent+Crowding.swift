// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension TrackedTorrent {
    /// Torrents up to this size are counted; in larger ones what the census says is good enough.
    private static let mostCounted = 4096

    /// Why a newcomer's address may not have one peer more: it has too many in this torrent, or in all of the table, which
    /// has `addresses`. Nil when it may.
    func crowding(
        _ endpoint: PeerEndpoint, _ census: AddressCensus, _ policy: TrackerPolicy, addresses: Int, seed: UInt64
    ) -> AnnounceRejection? {
        if let address = PeerAddressV6(endpoint) {
            return self.crowding(address, self.v6, census, policy, addresses, seed)
        }
        guard let address = PeerAddressV4(endpoint) else { return nil }
        return self.crowding(address, self.v4, census, policy, addresses, seed)
    }

    private func crowding<Address: PeerAddress>(
        _ address: Address, _ table: PeerTable<Address>, _ census: AddressCensus, _ policy: TrackerPolicy,
        _ addresses: Int, _ seed: UInt64
    ) -> AnnounceRejection? {
        let inTorrent = policy.torrentPeersPerAddress * Address.peersOfNetwork
        let inAll = policy.peersPerAddress * Address.peersOfNetwork
        let strangers = AddressCensus.strangers(among: addresses)
        if inAll > 0, census.load(of: address) >= inAll + strangers { return .crowdedAddress }
        guard inTorrent > 0 else { return nil }
        let load = census.load(of: address, torrent: self.number(seed: seed))
        guard load >= inTorrent else { return nil }
        let isCrowded =
            table.count <= Self.mostCounted
            ? table.count(of: address.network) >= inTorrent : load >= inTorrent + strangers
        return isCrowded ? .crowdedTorrent : nil
    }
}
