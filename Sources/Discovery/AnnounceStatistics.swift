// SPDX-License-Identifier: Apache-2.0

/// What a torrent tells its trackers about itself, asked for when an announce goes out.
package struct AnnounceStatistics: Hashable, Sendable {
    /// Payload bytes sent since the torrent was started.
    package var uploaded: UInt64
    /// Payload bytes received since the torrent was started.
    package var downloaded: UInt64
    /// Payload bytes still wanted; 0 is a seed.
    package var left: UInt64
    /// Peers wanted; nil leaves it to the tracker.
    package var wanted: Int?

    /// The numbers as they are.
    package init(uploaded: UInt64, downloaded: UInt64, left: UInt64, wanted: Int? = nil) {
        self.uploaded = uploaded
        self.downloaded = downloaded
        self.left = left
        self.wanted = wanted
    }
}
