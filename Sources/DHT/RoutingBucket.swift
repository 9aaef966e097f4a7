// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Up to eight nodes that share their first bits with us, and those that wait to take a place.
struct RoutingBucket: Sendable {
    /// Nodes of a bucket (BEP 5: K).
    static let size = 8

    var entries: [RoutingEntry] = []
    /// Nodes that have answered too, the newest last.
    var spares: [RoutingEntry] = []
    /// When a node came in or answered.
    var lastChanged: Instant
    /// Whether nodes that belong here are to be looked for soon.
    var isToBeFilled = false

    init(at now: Instant) {
        self.lastChanged = now
    }

    func index(of id: NodeID) -> Int? { self.entries.firstIndex { $0.contact.id == id } }

    /// What became of a node that wants a place.
    enum Insertion {
        case added
        case replaced(RoutingEntry)
        case full
    }

    /// Takes in a node where there is room, or in the place of one that is worse.
    mutating func insert(_ entry: RoutingEntry) -> Insertion {
        guard self.entries.count >= Self.size else {
            self.entries.append(entry)
            return .added
        }
        let worst = self.entries.indices.max { self.badness($0) < self.badness($1) }
        guard let worst, self.badness(worst) > (entry.isValid ? 0 : 1) else { return .full }
        let gone = self.entries[worst]
        self.entries[worst] = entry
        return .replaced(gone)
    }

    /// Silent nodes are the worst, then those whose id does not fit their address.
    private func badness(_ index: Int) -> Int {
        let entry = self.entries[index]
        return (entry.isGood ? 0 : 2 + entry.failures) + (entry.isValid ? 0 : 1)
    }

    mutating func addSpare(_ entry: RoutingEntry) {
        self.spares.removeAll { $0.contact.id == entry.contact.id || $0.contact.endpoint == entry.contact.endpoint }
        if self.spares.count == Self.size { self.spares.removeFirst() }
        self.spares.append(entry)
    }
}
