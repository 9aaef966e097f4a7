// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One torrent as a tracker knows it.
package struct TrackedTorrentStatus: ControlObject {
    /// Its info-hash.
    package var infoHash: InfoHash
    /// Peers that have everything.
    package var seeds: Int
    /// Peers that do not.
    package var leechers: Int
    /// How many became complete since the tracker knows it.
    package var downloaded: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case infoHash = "info_hash"
        case seeds
        case leechers
        case downloaded
    }

    /// Takes the fields as they are.
    package init(infoHash: InfoHash, seeds: Int, leechers: Int, downloaded: Int) {
        self.infoHash = infoHash
        self.seeds = seeds
        self.leechers = leechers
        self.downloaded = downloaded
    }
}
