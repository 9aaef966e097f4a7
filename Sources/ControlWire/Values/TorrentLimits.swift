// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The limits of one torrent.
package struct TorrentLimits: ControlObject {
    /// The torrent.
    package var infoHash: InfoHash
    /// Its name.
    package var name: String
    /// The most bytes a second in; 0 for no limit of its own.
    package var down: Int
    /// The most bytes a second out; 0 for no limit of its own.
    package var up: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case infoHash = "info_hash"
        case name
        case down
        case up
    }

    /// Takes the fields as they are.
    package init(infoHash: InfoHash, name: String, down: Int, up: Int) {
        self.infoHash = infoHash
        self.name = name
        self.down = down
        self.up = up
    }
}
