// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The torrent that a method was about.
package struct TorrentReference: ControlObject {
    /// Its info-hash, 40 digits.
    package var infoHash: InfoHash
    /// Its name; the info-hash as long as the metadata are missing.
    package var name: String
    /// What it does now.
    package var state: TorrentState

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case infoHash = "info_hash"
        case name
        case state
    }

    /// Takes the fields as they are.
    package init(infoHash: InfoHash, name: String, state: TorrentState) {
        self.infoHash = infoHash
        self.name = name
        self.state = state
    }
}
