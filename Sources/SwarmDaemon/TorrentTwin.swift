// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What a link waits for is here already: it names a hybrid by the one hash, and the other torrent by the other (BEP 52).
struct TorrentTwin: Error, CustomStringConvertible {
    /// The torrent that is kept, and its ID.
    let name: String
    let kept: InfoHash
    /// The ID of the one that is not needed.
    let spare: InfoHash

    var description: String {
        "it is the same torrent as \(self.name), which is here by its other name, \(self.kept); keep that one, and remove "
            + "this one: swarmctl remove \(self.spare)"
    }
}
