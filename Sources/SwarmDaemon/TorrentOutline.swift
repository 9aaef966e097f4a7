// SPDX-License-Identifier: Apache-2.0

import Metainfo
import SwarmModel

/// The few facts of a metainfo that lists and figures need, so that an idle torrent costs little memory.
struct TorrentOutline {
    let name: String
    let geometry: TorrentGeometry
    let fileCount: Int

    init(_ metainfo: Metainfo) {
        self.name = metainfo.name
        self.geometry = metainfo.geometry
        self.fileCount = metainfo.files.count { !$0.isPadding }
    }
}
