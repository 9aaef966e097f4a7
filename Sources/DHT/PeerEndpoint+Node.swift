// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension PeerEndpoint {
    /// Whether a node could be there, told by somebody at `source`: whoever is far away knows nothing of our own network,
    /// and must not make us send there.
    func isPlausible(toldBy source: IPAddress) -> Bool {
        self.port != 0 && self.address.isUnicast && (!self.address.isLocal || source.isLocal)
    }

    /// What may hold one node only: a public address with all its ports (of IPv6 its network of 64 bits), and in local
    /// networks, where hosts share what they have, each port.
    var nodePlace: PeerEndpoint {
        guard !self.address.isLocal else { return self }
        return PeerEndpoint(
            address: self.address.isV6 ? IPAddress(v6: (self.address.high, 0)) : self.address, port: 0)
    }
}
