// SPDX-License-Identifier: Apache-2.0

/// How it stands with a tracker.
package enum TrackerState: String, Codable, CaseIterable, Sendable {
    /// Not asked yet.
    case idle
    /// Being asked.
    case announcing
    /// Answered well.
    case working
    /// Did not answer, or answered badly.
    case failing
    /// Not in use.
    case disabled
}
