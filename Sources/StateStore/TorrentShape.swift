// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a torrent's metainfo says of its size, stored beside it so that a list of all torrents reads no metainfo.
package struct TorrentShape: Hashable, Sendable {
    /// How the payload divides into pieces.
    package let geometry: TorrentGeometry
    /// Files, padding left out.
    package let fileCount: Int

    /// Takes the facts as they are.
    package init(geometry: TorrentGeometry, fileCount: Int) {
        self.geometry = geometry
        self.fileCount = fileCount
    }
}
