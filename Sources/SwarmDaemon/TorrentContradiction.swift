// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A hybrid whose v1 and v2 hashes describe different bytes (BEP 52, "upgrade path"): nobody can have all of it.
struct TorrentContradiction: Error, CustomStringConvertible {
    /// The first piece that was found so.
    let piece: PieceIndex

    var description: String {
        "the torrent contradicts itself: the v1 and the v2 hash of piece \(self.piece) are of different bytes; "
            + "ask its author for another"
    }
}
