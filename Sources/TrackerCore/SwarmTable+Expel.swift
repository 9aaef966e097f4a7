// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension SwarmTable {
    /// Forgets every peer whose address is in `filter`; returns how many addresses that were.
    package mutating func expel(_ filter: AddressFilter) -> Int {
        let before = self.addresses
        let (seed, census) = (self.seed, self.census)
        for position in 0..<self.torrents.count {
            let gone = self.torrents[position].endpoints(in: filter)
            guard !gone.isEmpty else { continue }
            if let map = self.maps[Int(self.torrents[position].mapNumber)] {
                for endpoint in gone { self.leave(map, endpoint) }
            }
            self.update(position) { torrent in
                for endpoint in gone { torrent.remove(endpoint, seed: seed, census: census) }
            }
        }
        // Torrents that nobody is left in go when their turn comes.
        return before - self.addresses
    }
}

extension TrackedTorrent {
    fileprivate func endpoints(in filter: AddressFilter) -> [PeerEndpoint] {
        let (v4, v6) = (self.v4, self.v6)
        var endpoints: [PeerEndpoint] = []
        for slot in 0..<v4.count where filter.blocks(v4.records[slot].address.endpoint.address) {
            endpoints.append(v4.records[slot].address.endpoint)
        }
        for slot in 0..<v6.count where filter.blocks(v6.records[slot].address.endpoint.address) {
            endpoints.append(v6.records[slot].address.endpoint)
        }
        return endpoints
    }
}
