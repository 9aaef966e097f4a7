// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Hands out the metainfo file of a torrent.
package enum TorrentMetainfo: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.metainfo"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package struct Result: ControlObject {
        /// The torrent.
        package var infoHash: InfoHash
        /// Its name.
        package var name: String
        /// The .torrent file.
        package var metainfo: Base64Bytes
        /// The magnet link.
        package var magnet: String

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case infoHash = "info_hash"
            case name
            case metainfo
            case magnet
        }

        /// Takes the fields as they are.
        package init(infoHash: InfoHash, name: String, metainfo: Base64Bytes, magnet: String) {
            self.infoHash = infoHash
            self.name = name
            self.metainfo = metainfo
            self.magnet = magnet
        }
    }
}
