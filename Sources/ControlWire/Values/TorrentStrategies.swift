// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What was chosen for one torrent.
package struct TorrentStrategies: ControlObject {
    /// The torrent.
    package var infoHash: InfoHash
    /// Its name.
    package var name: String
    /// The picker it is to have.
    package var picker: String
    /// The choker it is to have.
    package var choker: String
    /// Whether it has a picker of its own, and not the configured one.
    package var ownPicker: Bool
    /// Whether it has a choker of its own, and not the configured one.
    package var ownChoker: Bool
    /// Whether its data is compressed between Swarm peers: `auto`, `always` or `never`.
    package var compression: String
    /// Whether that is its own choice, and not the configured one.
    package var ownCompression: Bool
    /// Whether, once it is complete, each peer is shown only what nobody else has (BEP 16).
    package var superSeeding: Bool
    /// The picker that works at this moment, another one where that cannot be used; absent while the torrent does not run.
    package var workingPicker: String?
    /// The choker that works at this moment, likewise.
    package var workingChoker: String?
    /// Bytes sent for each of its bytes after which seeding it ends, 0 for never; absent when it is as configured.
    package var seedRatio: Double?
    /// Seconds since it was complete after which seeding it ends, likewise.
    package var seedTime: Int?
    /// Seconds without anybody who takes something after which seeding it ends, likewise.
    package var seedIdle: Int?
    /// The folder that its files go to when it is complete; absent when they stay.
    package var moveTo: String?

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case infoHash = "info_hash"
        case name
        case picker
        case choker
        case ownPicker = "own_picker"
        case ownChoker = "own_choker"
        case compression
        case ownCompression = "own_compression"
        case superSeeding = "super_seeding"
        case workingPicker = "working_picker"
        case workingChoker = "working_choker"
        case seedRatio = "seed_ratio"
        case seedTime = "seed_time"
        case seedIdle = "seed_idle"
        case moveTo = "move_to"
    }

    /// Takes the fields as they are.
    package init(
        infoHash: InfoHash, name: String, picker: String, choker: String, ownPicker: Bool, ownChoker: Bool,
        compression: String, ownCompression: Bool, superSeeding: Bool, workingPicker: String? = nil,
        workingChoker: String? = nil
    ) {
        self.infoHash = infoHash
        self.name = name
        self.picker = picker
        self.choker = choker
        self.ownPicker = ownPicker
        self.ownChoker = ownChoker
        self.compression = compression
        self.ownCompression = ownCompression
        self.superSeeding = superSeeding
        self.workingPicker = workingPicker
        self.workingChoker = workingChoker
        self.seedRatio = nil
        self.seedTime = nil
        self.seedIdle = nil
        self.moveTo = nil
    }
}
