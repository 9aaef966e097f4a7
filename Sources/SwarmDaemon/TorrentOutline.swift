// SPDX-License-Identifier: Apache-2.0

import Metainfo
import StateStore
import SwarmModel

/// The few facts of a metainfo that lists and figures need, so that an idle torrent costs little memory.
struct TorrentOutline {
    let name: String
    let geometry: TorrentGeometry
    let fileCount: Int

    /// What the state tells without the metainfo; nil when it was stored without its shape.
    init?(_ record: TorrentRecord) {
        guard let shape = record.shape else { return nil }
        self.name = record.name
        self.geometry = shape.geometry
        self.fileCount = shape.fileCount
    }

    init(_ metainfo: Metainfo) {
        self.name = metainfo.name
        self.geometry = metainfo.geometry
        self.fileCount = metainfo.files.count { !$0.isPadding }
    }

    /// As the state stores it.
    var shape: TorrentShape { TorrentShape(geometry: self.geometry, fileCount: self.fileCount) }
}
