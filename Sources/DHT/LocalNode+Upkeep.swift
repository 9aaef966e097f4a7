// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What keeps the tables full and fresh.
extension LocalNode {
    /// How often the table is looked after.
    static let upkeepInterval = Interval.seconds(10)
    /// The same while buckets are filled after joining.
    static let fillingInterval = Interval.seconds(2)
    /// How often announces that count no more are forgotten.
    static let expiryInterval = Interval.seconds(60)
    /// Walks towards ourselves while we know too few nodes: the first pause, doubled each time, and the longest.
    static let shortestJoinPause = Interval.seconds(15)
    static let longestJoinPause = Interval.seconds(10 * 60)
    /// Nodes of a family below which we go on trying to join.
    static let enoughNodes = RoutingBucket.size * 2

    /// Takes in places where nodes may be: of the configuration, of torrents, of peers that told their port. They are
    /// begun from while we know few nodes.
    package mutating func add(strangers: [PeerEndpoint], at now: Instant) {
        for endpoint in strangers where endpoint.port != 0 && endpoint.address.isUnicast {
            guard !self.strangers.contains(endpoint) else { continue }
            if self.strangers.count == Self.strangerLimit { self.strangers.removeFirst() }
            self.strangers.append(endpoint)
        }
        for isV6 in [false, true] where (self[isV6: isV6]?.table.count ?? .max) < RoutingBucket.size {
            self[isV6: isV6]?.joinDue = now
            self[isV6: isV6]?.joinPause = Self.shortestJoinPause
            self.upkeepDue = now
        }
    }

    /// A peer says that it has a node at this port (BEP 5 `port`): it is asked for its name, unless we know enough.
    package mutating func heardOfNode(at endpoint: PeerEndpoint, at now: Instant) {
        let isV6 = endpoint.address.isV6
        guard endpoint.port != 0, endpoint.address.isUnicast, let family = self[isV6: isV6],
            family.table.count < 512, self.pending.mayAskPresence(of: endpoint)
        else { return }
        self.ask(.ping, of: endpoint, id: nil, for: .presence, at: now)
    }

    mutating func keepUp(at now: Instant) {
        self.upkeepDue = now + Self.upkeepInterval
        for isV6 in [false, true] {
            guard let family = self[isV6: isV6] else { continue }
            let isJoining = self.lookups.values.contains { entry in
                if case .join = entry.errand { entry.lookup.isV6 == isV6 } else { false }
            }
            if isJoining { continue }
            if family.table.count < Self.enoughNodes, now >= family.joinDue {
                self.join(isV6: isV6, at: now)
            } else if let bucket = family.table.staleBucket(at: now) {
                self.refresh(bucket, isV6: isV6, at: now)
            } else if let contact = family.table.questionable(at: now), !self.pending.isAsking(contact.endpoint) {
                self.ask(.ping, of: contact.endpoint, id: contact.id, for: .presence, at: now)
            }
            if self[isV6: isV6]?.table.bucketToBeFilled != nil { self.upkeepDue = now + Self.fillingInterval }
        }
    }

    private mutating func join(isV6: Bool, at now: Instant) {
        guard let family = self[isV6: isV6] else { return }
        self[isV6: isV6]?.joinDue = now + family.joinPause
        self[isV6: isV6]?.joinPause = min(family.joinPause + family.joinPause, Self.longestJoinPause)
        guard family.table.count > 0 || self.strangers.contains(where: { $0.address.isV6 == isV6 }),
            let number = self.begin(.join, towards: family.table.ownID, isV6: isV6)
        else { return }
        self.advance(number, at: now)
    }

    private mutating func refresh(_ bucket: Int, isV6: Bool, at now: Instant) {
        guard let family = self[isV6: isV6] else { return }
        self[isV6: isV6]?.table.touch(bucket: bucket, at: now)
        guard family.table.count > 0 || !self.strangers.isEmpty else { return }
        let target = NodeID(sharing: min(bucket, NodeID.bitCount - 1), with: family.table.ownID, random: &self.random)
        guard let number = self.begin(.refresh, towards: target, isV6: isV6) else { return }
        self.advance(number, at: now)
    }
}
