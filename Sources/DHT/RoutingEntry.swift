// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A node of the routing table.
struct RoutingEntry: Sendable {
    /// A node that has been silent for this long is asked whether it is still there (BEP 5: questionable).
    static let questionableAfter = Interval.seconds(15 * 60)
    /// Unanswered queries in a row after which another takes its place, and after which it goes in any case.
    static let replaceableAfter = 2
    static let forgottenAfter = 5

    var contact: NodeContact
    /// Its id is one that its address may have.
    let isValid: Bool
    var lastHeard: Instant
    var failures = 0

    init(_ contact: NodeContact, at now: Instant) {
        self.contact = contact
        self.isValid = contact.isValid
        self.lastHeard = now
    }

    /// Whether it may be told to others and asked first.
    var isGood: Bool { self.failures < Self.replaceableAfter }

    mutating func heard(at now: Instant) {
        self.lastHeard = now
        self.failures = 0
    }
}
