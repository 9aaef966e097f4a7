// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One torrent in a tracker's catalogue.
package struct CatalogueEntry: ControlObject {
    /// Its info-hash.
    package var infoHash: InfoHash
    /// Its name.
    package var name: String
    /// Its bytes.
    package var size: Int
    /// How many files it has.
    package var files: Int
    /// The announce URL of the tracker whose catalogue it is in.
    package var tracker: String
    /// When it was registered, seconds since 1970.
    package var added: Int?
    /// Complete peers the tracker knows of.
    package var seeds: Int?
    /// Incomplete peers the tracker knows of.
    package var peers: Int?

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case infoHash = "info_hash"
        case name
        case size
        case files
        case tracker
        case added
        case seeds
        case peers
    }

    /// Takes the fields as they are.
    package init(
        infoHash: InfoHash, name: String, size: Int, files: Int, tracker: String, added: Int? = nil, seeds: Int? = nil,
        peers: Int? = nil
    ) {
        self.infoHash = infoHash
        self.name = name
        self.size = size
        self.files = files
        self.tracker = tracker
        self.added = added
        self.seeds = seeds
        self.peers = peers
    }
}
