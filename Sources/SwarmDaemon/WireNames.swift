// SPDX-License-Identifier: Apache-2.0

import Metainfo
import SwarmModel

extension Metainfo {
    /// The names that the torrent goes by on the wire: v1's and v2's (BEP 52).
    var infoHashes: [InfoHash] { [self.infoHashV1, self.infoHashV2?.truncated].compactMap { $0 } }

    /// Whether it goes by this name.
    func answers(to hash: InfoHash) -> Bool { self.infoHashes.contains(hash) }
}

extension MagnetLink {
    /// The names on the wire that the link tells of.
    var infoHashes: [InfoHash] { [self.infoHashV1, self.infoHashV2?.truncated].compactMap { $0 } }
}
