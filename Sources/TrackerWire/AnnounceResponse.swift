// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a tracker answers an announce with, when it does not refuse.
package struct AnnounceResponse: Hashable, Sendable {
    /// Wait so long before the next regular announce.
    package var interval: Interval
    /// Never announce sooner than this, events aside.
    package var minimumInterval: Interval?
    /// Peers that have everything.
    package var complete: UInt64?
    /// Peers that do not.
    package var incomplete: UInt64?
    /// How many peers became complete, ever.
    package var downloaded: UInt64?
    /// Peers to try, IPv4 and IPv6.
    package var peers: [TrackerPeer]
    /// Words for people, not an error.
    package var warning: String?
    /// To be sent back with the next announce.
    package var trackerID: [UInt8]?
    /// The asker's address as the tracker sees it (BEP 24).
    package var externalAddress: IPAddress?

    /// How often the tracker wants to be told of pieces; nil of one that keeps no piece map, or was not asked.
    package var reportPeriod: Interval?

    /// The tracker of the cluster that looks after the torrent, as `host:port`; nil where it is the one that was asked.
    package var owner: String?
    /// Trackers of the cluster that would look after it next, the nearest first.
    package var successors: [String] = []

    /// An answer; the rest is set field by field.
    package init(interval: Interval, peers: [TrackerPeer] = []) {
        self.interval = interval
        self.peers = peers
    }
}
