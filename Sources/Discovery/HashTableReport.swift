// SPDX-License-Identifier: Apache-2.0

package import DHT
package import SwarmModel

/// How it stands with the search for one torrent in the hash table.
package struct HashTableReport: Sendable {
    /// What the last search found; meaningless before it has ended.
    package let last: TorrentSearch.Result
    /// How long ago that was; nil before.
    package let sinceEnd: Interval?
    /// When the next one begins; nil while one is under way.
    package let untilNext: Interval?
    /// Nodes that are known at all.
    package let nodes: Int
}
