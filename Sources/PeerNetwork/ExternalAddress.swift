// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Our own address, as peers tell it (BEP 10 `yourip`): of each family the one that most of them tell. One peer has one
/// vote, so that none can choose it for us.
struct ExternalAddress {
    /// Peers whose word is remembered.
    static let capacity = 64

    private var votes: [IPAddress: IPAddress] = [:]

    /// `peer` says that we are `address`. Whether that changed which address we take for ours.
    mutating func told(_ address: IPAddress, by peer: IPAddress) -> Bool {
        guard !address.isUnspecified, !address.isMulticast, self.votes[peer] != address,
            self.votes[peer] != nil || self.votes.count < Self.capacity
        else { return false }
        let before = self.address(isV6: address.isV6)
        self.votes[peer] = address
        return self.address(isV6: address.isV6) != before
    }

    /// What most peers tell; among those told as often the lowest. Nil when nobody has told one.
    func address(isV6: Bool) -> IPAddress? {
        var counts: [IPAddress: Int] = [:]
        for address in self.votes.values where address.isV6 == isV6 { counts[address, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}
