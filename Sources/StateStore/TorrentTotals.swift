// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A torrent's traffic since it was added, as it stands.
package struct TorrentTotals: Hashable, Sendable {
    /// The torrent.
    package let infoHash: InfoHash
    /// Payload bytes sent, ever.
    package let uploaded: UInt64
    /// Payload bytes received, ever.
    package let downloaded: UInt64

    /// Pairs a torrent with its totals.
    package init(infoHash: InfoHash, uploaded: UInt64, downloaded: UInt64) {
        self.infoHash = infoHash
        self.uploaded = uploaded
        self.downloaded = downloaded
    }
}
