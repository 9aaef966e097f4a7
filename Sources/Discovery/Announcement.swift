// SPDX-License-Identifier: Apache-2.0

package import TrackerWire

/// One announce that is to be sent.
package struct Announcement: Hashable, Sendable {
    /// The tracker's place in `AnnounceSchedule.trackers`.
    package let tracker: Int
    /// Its announce URL.
    package let url: String
    /// What to tell it.
    package let event: AnnounceEvent
    /// What it asked to be told again.
    package let trackerID: [UInt8]?
}
