// SPDX-License-Identifier: Apache-2.0

import Crypto
package import SwarmModel

/// Whether an info dictionary is the torrent's that is called so (BEP 3, BEP 52).
package enum MetadataHash {
    /// The SHA-1 of a few bytes.
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.SHA1.hash(data: bytes)) }

    /// Hashes `metadata`, megabytes perhaps: not for a loop. `infoHash` is the torrent's name, `v2` the whole hash of a
    /// torrent that is known by its v2 one (BEP 52), which may be the name as well, cut.
    package static func of(_ metadata: [UInt8], matches infoHash: InfoHash, v2: InfoHashV2? = nil) -> Bool {
        if let v2 {
            guard Array(SHA256.hash(data: metadata)) == v2.bytes else { return false }
            if v2.truncated == infoHash { return true }
        }
        return Array(Insecure.SHA1.hash(data: metadata)) == infoHash.bytes
    }
}
