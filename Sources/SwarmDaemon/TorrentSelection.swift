// SPDX-License-Identifier: Apache-2.0

import PieceStore
import SwarmModel

/// Which files of a torrent matter how much, and what that means for its pieces.
struct TorrentSelection {
    /// By file.
    let files: FilePriorities
    /// By piece, 0 (not wanted) to 7.
    let pieces: [UInt8]
    /// The pieces that are wanted.
    let wanted: Bitfield
    /// Bytes of those.
    let wantedBytes: UInt64

    init(_ files: FilePriorities, of layout: FileLayout) {
        self.files = files
        self.pieces = layout.piecePriorities(files)
        var wanted = Bitfield(count: self.pieces.count)
        for (index, priority) in self.pieces.enumerated() where priority > 0 { wanted.insert(PieceIndex(index)) }
        self.wanted = wanted
        self.wantedBytes = layout.geometry.bytes(of: wanted)
    }

    /// Bytes of what is wanted that are not in `have`.
    func missingBytes(_ have: Bitfield, _ geometry: TorrentGeometry) -> UInt64 {
        var missing = Bitfield(count: self.wanted.count)
        self.wanted.forEachSet { if !have[$0] { missing.insert($0) } }
        return geometry.bytes(of: missing)
    }
}
