// SPDX-License-Identifier: Apache-2.0

import Crypto
package import SwarmModel

/// Whether an info dictionary is the torrent's that is called so (BEP 3).
package enum MetadataHash {
    /// Hashes `metadata`, megabytes perhaps: not for a loop.
    package static func of(_ metadata: [UInt8], matches infoHash: InfoHash) -> Bool {
        Array(Insecure.SHA1.hash(data: metadata)) == infoHash.bytes
    }
}
