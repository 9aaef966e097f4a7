// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One tracker of a torrent, for people.
package struct TrackerReport: Hashable, Sendable {
    /// What is known of it.
    package let standing: TrackerStanding
    /// How long ago it last answered well; nil before.
    package let sinceAnswer: Interval?
    /// How long until it is next asked, if it will be the one that is; nil when it never will.
    package let untilNext: Interval?
}
