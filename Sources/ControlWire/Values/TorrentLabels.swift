// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What one torrent is marked with.
package struct TorrentLabels: ControlObject {
    /// The torrent.
    package var infoHash: InfoHash
    /// Its name.
    package var name: String
    /// Its labels, in order.
    package var labels: [String]

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case infoHash = "info_hash"
        case name
        case labels
    }

    /// Takes the fields as they are.
    package init(infoHash: InfoHash, name: String, labels: [String]) {
        self.infoHash = infoHash
        self.name = name
        self.labels = labels
    }
}
