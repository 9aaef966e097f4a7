// SPDX-License-Identifier: Apache-2.0

import Metainfo
package import SwarmModel

/// Whether hashes are those of a file's tree (BEP 52).
package enum HashProof {
    /// Whether a run of hashes with its proof leads to `hash`. Hundreds of hashes are made for it: not for a loop.
    package static func leads(_ range: HashRange, _ hashes: [UInt8], to hash: [UInt8]) -> Bool {
        MerkleTree.hash(above: range, hashes) == hash
    }
}
