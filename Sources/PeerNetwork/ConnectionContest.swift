// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Who keeps a connection when there is no room for all (BEP 40): the one with the higher canonical priority, so that
/// nobody is kept out by who came first.
struct ConnectionContest {
    /// One that is connected.
    struct Entrant {
        let id: ObjectIdentifier
        let priority: UInt32
        /// How long it has been connected.
        let age: Interval
        /// Whether it moves data.
        let isBusy: Bool
    }

    /// A connection is left alone for so long.
    static let grace = Interval.seconds(60)

    /// Who makes room for a newcomer of this priority: the idle one of the lowest priority below it. Nil when none does.
    static func loser(to priority: UInt32, among present: [Entrant]) -> ObjectIdentifier? {
        present.filter { !$0.isBusy && $0.age >= Self.grace && $0.priority < priority }
            .min { $0.priority < $1.priority }?.id
    }
}
