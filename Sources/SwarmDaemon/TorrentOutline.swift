// SPDX-License-Identifier: Apache-2.0

import Metainfo
import StateStore
import SwarmModel

/// The few facts of a metainfo that lists and figures need, so that an idle torrent costs little memory.
struct TorrentOutline {
    let name: String
    let geometry: TorrentGeometry
    let fileCount: Int
    /// Whether the metadata are here.
    let isKnown: Bool

    /// What the state tells without the metainfo; nil when it was stored without its shape.
    init?(_ record: TorrentRecord) {
        guard record.hasMetainfo || record.magnet == nil else {
            self = TorrentOutline(named: record.name)
            return
        }
        guard let shape = record.shape else { return nil }
        self = TorrentOutline(name: record.name, geometry: shape.geometry, fileCount: shape.fileCount, isKnown: true)
    }

    private init(name: String, geometry: TorrentGeometry, fileCount: Int, isKnown: Bool) {
        self.name = name
        self.geometry = geometry
        self.fileCount = fileCount
        self.isKnown = isKnown
    }

    /// A torrent that waits for its metadata.
    init(named name: String) {
        guard let nothing = TorrentGeometry(totalLength: 0, pieceLength: TorrentGeometry.blockLength) else {
            preconditionFailure("an empty payload has a geometry")
        }
        self.name = name
        self.geometry = nothing
        self.fileCount = 0
        self.isKnown = false
    }

    init(_ metainfo: Metainfo) {
        self.name = metainfo.name
        self.geometry = metainfo.geometry
        self.fileCount = metainfo.files.count { !$0.isPadding }
        self.isKnown = true
    }

    /// As the state stores it.
    var shape: TorrentShape { TorrentShape(geometry: self.geometry, fileCount: self.fileCount) }
}
