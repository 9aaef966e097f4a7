// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What survives of one torrent, without its metainfo and its progress, which are asked for apart.
package struct TorrentRecord: Hashable, Sendable {
    /// Its name on the wire and in the database.
    package let infoHash: InfoHash
    /// Its name for people.
    package var name: String
    /// Whether its metainfo is stored; false while it is only a magnet link.
    package internal(set) var hasMetainfo = false
    /// The magnet link that it came from.
    package var magnet: String?
    /// The folder its payload is in.
    package var folder: String
    /// When it was added, seconds since 1970.
    package var added: Int64
    /// Whether it is to stay still.
    package var isPaused = false
    /// Its own picker; nil for the daemon's.
    package var picker: String?
    /// Its own choker; nil for the daemon's.
    package var choker: String?
    /// The most that it may move, besides what holds for all.
    package var caps = TransferCaps()
    /// Whether its blocks are compressed, as the configuration spells it; nil for as the daemon does.
    package var compression: String?
    /// Whether, as a source, it shows each peer only what nobody else has (BEP 16).
    package var superSeeds = false
    /// The folder that its files go to when it is complete; nil when they stay.
    package var moveTo: String?
    /// What it is marked with, in order. None has a line break in it.
    package var labels: [String] = []
    /// Where it stands in the queue: smaller numbers come first.
    package var place: Int64 = 0
    /// When seeding it ends, where not as the daemon does.
    package var seedLimits = SeedLimits()
    /// Why seeding it has ended, a sentence; nil when it has not.
    package var seedingEnded: String?
    /// Whether it is served past its limits, because somebody resumed it when they had ended it.
    package var seedsOn = false
    /// The priorities of its files (`FilePriorities.text`); nil when all are normal.
    package var priorities: String?
    /// What was chosen of its files before they were known; in the words of whoever stores it.
    package var choices: String?
    /// Its trackers' announce URLs by tier (BEP 12); empty for those of its metainfo.
    package var trackers: [[String]] = []
    /// Payload bytes sent, ever.
    package var uploaded: UInt64 = 0
    /// Payload bytes received, ever.
    package var downloaded: UInt64 = 0
    /// When the last piece arrived, seconds since 1970; nil before.
    package var completed: Int64?
    /// Why it is suspended.
    package var error: String?
    /// Whether the payload was there before the torrent, so that it is not the daemon's to delete.
    package var isOriginal = false
    /// What its metainfo says of its size; nil when that was not stored with it, as by an earlier release.
    package var shape: TorrentShape?
    /// Where the disk is mounted that the payload lies on; nil while that is not known.
    package var disk: String?

    /// A torrent that is new: running, with the daemon's strategies and nothing moved yet.
    package init(infoHash: InfoHash, name: String, folder: String, added: Int64, magnet: String? = nil) {
        self.infoHash = infoHash
        self.name = name
        self.folder = folder
        self.added = added
        self.magnet = magnet
    }
}
