// SPDX-License-Identifier: Apache-2.0

package import Metainfo
package import SwarmModel

extension FileLayout {
    /// The layout a torrent describes.
    package init(_ metainfo: Metainfo) throws(FileLayoutError) {
        try self.init(entries: metainfo.files, geometry: metainfo.geometry)
    }

    /// The layout of a torrent's entries.
    package init(entries: [FileEntry], geometry: TorrentGeometry) throws(FileLayoutError) {
        let files = entries.map { entry in
            let kind: Kind =
                if entry.isPadding {
                    .padding
                } else if let target = entry.symlinkTarget {
                    .symbolicLink(target: target)
                } else {
                    .regular(isExecutable: entry.isExecutable)
                }
            return File(path: entry.path, offset: entry.offset, length: entry.length, kind: kind)
        }
        try self.init(files: files, geometry: geometry)
    }
}

extension TorrentStorage {
    /// The storage of a torrent whose files lie, or shall lie, in the folder `root`.
    package convenience init(
        store: PieceStore, metainfo: Metainfo, root: String, mounts: MountTable = .system
    ) throws(FileLayoutError) {
        self.init(
            store: store, layout: try FileLayout(metainfo), hashes: PieceHashes(metainfo), root: root, mounts: mounts)
    }
}
