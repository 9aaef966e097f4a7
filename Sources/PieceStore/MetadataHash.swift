// SPDX-License-Identifier: Apache-2.0

import Crypto
package import SwarmModel

/// Whether an info dictionary is the torrent's that is called so (BEP 3).
package enum MetadataHash {
    /// The SHA-1 of a few bytes.
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.SHA1.hash(data: bytes)) }

    /// Hashes `metadata`, megabytes perhaps: not for a loop.
    package static func of(_ metadata: [UInt8], matches infoHash: InfoHash) -> Bool {
        Array(Insecure.SHA1.hash(data: metadata)) == infoHash.bytes
    }
}
