// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What nodes say of the address that we have (BEP 42 `ip`): believed once enough of them, each somewhere else, agree.
package struct AddressVotes: Sendable {
    /// Votes that it takes, and what part of all.
    package static let needed = 5
    /// Voters that are remembered.
    package static let limit = 32

    private var votes: [(voter: PeerEndpoint, address: IPAddress)] = []

    /// No votes.
    package init() {}

    /// Takes in a vote; the newest of a voter counts. Returns the address that most agree on, if they are enough.
    package mutating func vote(_ address: IPAddress, by voter: PeerEndpoint) -> IPAddress? {
        let place = voter.nodePlace
        self.votes.removeAll { $0.voter == place }
        if self.votes.count == Self.limit { self.votes.removeFirst() }
        self.votes.append((place, address))
        let agreeing = self.votes.count { $0.address == address }
        return agreeing >= Self.needed && agreeing * 2 > self.votes.count ? address : nil
    }
}
