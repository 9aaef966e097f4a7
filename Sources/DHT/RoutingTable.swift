// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The nodes of one address family that we know, many near our own id and few far from it (BEP 5): bucket `n` holds those
/// that have exactly their first `n` bits in common with us, the last also those that have more.
///
/// Only nodes that have answered us come in, and only one of each public address, so that nobody fills it with what does
/// not exist or with many of himself.
package struct RoutingTable: Sendable {
    /// Our own id in this family.
    package let ownID: NodeID
    private(set) var buckets: [RoutingBucket]
    /// Which node is at each place.
    private var places: [PeerEndpoint: NodeID] = [:]

    /// An empty table.
    package init(ownID: NodeID, at now: Instant) {
        self.ownID = ownID
        self.buckets = [RoutingBucket(at: now)]
    }

    /// How many nodes there are.
    package var count: Int { self.places.count }

    /// All nodes, far ones first.
    package var contacts: [NodeContact] { self.buckets.flatMap { $0.entries.map(\.contact) } }

    /// A node has answered: it comes in where there is room for it.
    package mutating func answered(_ contact: NodeContact, at now: Instant) {
        guard contact.id != self.ownID else { return }
        let index = self.bucketIndex(of: contact.id)
        if let known = self.buckets[index].index(of: contact.id) {
            let entry = self.buckets[index].entries[known]
            if entry.contact.endpoint == contact.endpoint {
                self.buckets[index].entries[known].heard(at: now)
                self.buckets[index].lastChanged = now
                return
            }
            // Somebody else takes a name that is in use: only when its owner has gone.
            guard !entry.isGood else { return }
            self.remove(contact.id)
        }
        let place = contact.endpoint.nodePlace
        if let resident = self.places[place] {
            guard self.isReplaceable(resident, by: contact) else { return }
            self.remove(resident)
        }
        self.insert(RoutingEntry(contact, at: now), at: now)
    }

    /// A node that is in the table asked us something: it is there.
    package mutating func heard(_ contact: NodeContact, at now: Instant) {
        let index = self.bucketIndex(of: contact.id)
        guard let known = self.buckets[index].index(of: contact.id),
            self.buckets[index].entries[known].contact.endpoint == contact.endpoint
        else { return }
        self.buckets[index].entries[known].lastHeard = now
    }

    /// A node did not answer.
    package mutating func failed(_ contact: NodeContact, at now: Instant) {
        let index = self.bucketIndex(of: contact.id)
        guard let known = self.buckets[index].index(of: contact.id),
            self.buckets[index].entries[known].contact.endpoint == contact.endpoint
        else { return }
        self.buckets[index].entries[known].failures += 1
        let entry = self.buckets[index].entries[known]
        guard !entry.isGood else { return }
        if let spare = self.takeSpare(of: index) {
            self.remove(contact.id)
            self.insert(spare, at: now)
        } else if entry.failures >= RoutingEntry.forgottenAfter {
            self.remove(contact.id)
        }
    }

    /// Whether a node that has not answered yet would get in if it did.
    package func hasRoom(for contact: NodeContact) -> Bool {
        guard contact.id != self.ownID, self.places[contact.endpoint.nodePlace] == nil else { return false }
        let index = self.bucketIndex(of: contact.id)
        let bucket = self.buckets[index]
        guard bucket.index(of: contact.id) == nil else { return false }
        return bucket.entries.count < RoutingBucket.size || index == self.buckets.count - 1
            || bucket.entries.contains { !$0.isGood || !$0.isValid }
    }

    /// The good nodes closest to an id, the closest first.
    package func closest(to target: NodeID, limit: Int) -> [NodeContact] {
        let good = self.buckets.flatMap { $0.entries.filter(\.isGood).map(\.contact) }
        return Array(good.sorted { $0.id.distance(to: target) < $1.id.distance(to: target) }.prefix(limit))
    }

    /// The node that has been silent for longest, if that is too long.
    package func questionable(at now: Instant) -> NodeContact? {
        let entries = self.buckets.lazy.flatMap(\.entries)
        guard let oldest = entries.min(by: { $0.lastHeard < $1.lastHeard }),
            now - oldest.lastHeard >= RoutingEntry.questionableAfter || !oldest.isGood
        else { return nil }
        return oldest.contact
    }

    /// A bucket that is to be filled, or else the one in which nothing has changed for longest, if that is too long (BEP 5):
    /// how many bits an id that belongs there shares with ours.
    package func staleBucket(at now: Instant) -> Int? {
        if let index = self.bucketToBeFilled { return index }
        guard let index = self.buckets.indices.min(by: { self.buckets[$0].lastChanged < self.buckets[$1].lastChanged }),
            now - self.buckets[index].lastChanged >= RoutingEntry.questionableAfter
        else { return nil }
        return index
    }

    /// A walk towards ourselves has ended. It has met only those nearest to us; the nodes of the other buckets that have room
    /// are looked for next, so that we know them and they us (Kademlia, 2.3).
    package mutating func joined() {
        for index in self.buckets.indices.dropLast() where self.buckets[index].entries.count < RoutingBucket.size {
            self.buckets[index].isToBeFilled = true
        }
    }

    /// A bucket whose nodes are to be looked for soon.
    package var bucketToBeFilled: Int? { self.buckets.firstIndex(where: \.isToBeFilled) }

    /// A bucket is being refreshed.
    package mutating func touch(bucket index: Int, at now: Instant) {
        guard self.buckets.indices.contains(index) else { return }
        self.buckets[index].lastChanged = now
        self.buckets[index].isToBeFilled = false
    }

    private func bucketIndex(of id: NodeID) -> Int {
        min(id.commonPrefix(with: self.ownID), self.buckets.count - 1)
    }

    /// Whether another node may have a public address that is known under another id: when its id fits better, or the one
    /// that was there has fallen silent.
    private func isReplaceable(_ resident: NodeID, by contact: NodeContact) -> Bool {
        let bucket = self.buckets[self.bucketIndex(of: resident)]
        guard let entry = bucket.index(of: resident).map({ bucket.entries[$0] }) else { return true }
        // The same socket under a new id: the old one is gone for certain.
        if entry.contact.endpoint == contact.endpoint { return true }
        return !entry.isGood || (!entry.isValid && contact.isValid)
    }

    private mutating func insert(_ entry: RoutingEntry, at now: Instant) {
        let index = self.bucketIndex(of: entry.contact.id)
        let isLast = index == self.buckets.count - 1
        if isLast, self.buckets[index].entries.count >= RoutingBucket.size, self.buckets.count < NodeID.bitCount {
            self.split(at: now)
            return self.insert(entry, at: now)
        }
        switch self.buckets[index].insert(entry) {
        case .added: break
        case .replaced(let gone): self.places[gone.contact.endpoint.nodePlace] = nil
        case .full: return self.buckets[index].addSpare(entry)
        }
        self.places[entry.contact.endpoint.nodePlace] = entry.contact.id
        self.buckets[index].lastChanged = now
    }

    private mutating func split(at now: Instant) {
        let index = self.buckets.count - 1
        var near = RoutingBucket(at: self.buckets[index].lastChanged)
        func isNear(_ entry: RoutingEntry) -> Bool { entry.contact.id.commonPrefix(with: self.ownID) > index }
        near.entries = self.buckets[index].entries.filter(isNear)
        near.spares = self.buckets[index].spares.filter(isNear)
        self.buckets[index].entries.removeAll(where: isNear)
        self.buckets[index].spares.removeAll(where: isNear)
        self.buckets.append(near)
    }

    private mutating func remove(_ id: NodeID) {
        let index = self.bucketIndex(of: id)
        guard let known = self.buckets[index].index(of: id) else { return }
        let entry = self.buckets[index].entries.remove(at: known)
        self.places[entry.contact.endpoint.nodePlace] = nil
    }

    /// The newest spare whose place is free.
    private mutating func takeSpare(of index: Int) -> RoutingEntry? {
        while let spare = self.buckets[index].spares.popLast() {
            if self.places[spare.contact.endpoint.nodePlace] == nil { return spare }
        }
        return nil
    }
}
