// SPDX-License-Identifier: Apache-2.0

import Metainfo
import PeerNetwork

extension WebSeedFiles {
    /// Where the files of a torrent are on its web seeds.
    init(_ metainfo: Metainfo) {
        self.init(
            files: metainfo.files.map {
                File(path: $0.isPadding ? nil : $0.escapedPath, offset: $0.offset, length: $0.length)
            },
            isSingleFile: metainfo.isSingleFile)
    }
}
