// SPDX-License-Identifier: Apache-2.0

/// What happened at the peer since its last announce. Raw values are those of UDP trackers (BEP 15).
package enum AnnounceEvent: UInt8, Hashable, Sendable, CaseIterable {
    /// A regular announce; in a query the parameter is absent or empty.
    case none = 0
    /// The last piece arrived.
    case completed = 1
    /// The first announce of a session.
    case started = 2
    /// The last announce of a session.
    case stopped = 3

    /// The word in a query, empty for `none`.
    package var word: String {
        switch self {
        case .none: ""
        case .completed: "completed"
        case .started: "started"
        case .stopped: "stopped"
        }
    }
}
