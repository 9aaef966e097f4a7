// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One torrent in a tracker's catalogue.
package struct CatalogueRecord: Hashable, Sendable {
    /// Its info-hash.
    package let infoHash: InfoHash
    /// Its name, without control characters.
    package let name: String
    /// Its bytes.
    package let size: UInt64
    /// How many files it has.
    package let files: Int
    /// When it was registered, seconds since 1970.
    package let created: Int64?
    /// Complete peers.
    package let seeds: Int?
    /// Incomplete peers.
    package let leechers: Int?
}
