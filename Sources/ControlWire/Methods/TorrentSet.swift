// SPDX-License-Identifier: Apache-2.0

/// Changes what was chosen for one torrent, at once and over restarts.
package enum TorrentSet: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.set"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The torrent: an info-hash prefix of at least 4 digits, or its name.
        package var id: TorrentSelector
        /// Its piece picker; `default` means the configured one, absent leaves it as it is.
        package var picker: String?
        /// Its choker; `default` means the configured one, absent leaves it as it is.
        package var choker: String?
        /// Whether its data is compressed: `auto`, `always` or `never`; `default` means as configured, absent leaves it as it
        /// is.
        package var compression: String?
        /// Whether, once it is complete, each peer is shown only what nobody else has, until all of it is out (super-seeding,
        /// BEP 16): `on` or `off`; absent leaves it as it is.
        package var superSeeding: String?
        /// Bytes sent for each of its bytes after which seeding it ends, `0` for never; `default` means as configured, absent
        /// leaves it as it is.
        package var seedRatio: String?
        /// Seconds since it was complete after which seeding it ends, likewise.
        package var seedTime: String?
        /// Seconds without anybody who takes something after which seeding it ends, likewise.
        package var seedIdle: String?
        /// Absolute path of the folder, which must exist, that its files go to when it is complete, at once when it is;
        /// `default` means that they stay, absent leaves it as it is.
        package var moveTo: String?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case picker
            case choker
            case compression
            case superSeeding = "super_seeding"
            case seedRatio = "seed_ratio"
            case seedTime = "seed_time"
            case seedIdle = "seed_idle"
            case moveTo = "move_to"
        }

        /// Takes the fields as they are.
        package init(
            id: TorrentSelector, picker: String? = nil, choker: String? = nil, compression: String? = nil,
            superSeeding: String? = nil, seedRatio: String? = nil, seedTime: String? = nil, seedIdle: String? = nil,
            moveTo: String? = nil
        ) {
            self.id = id
            self.picker = picker
            self.choker = choker
            self.compression = compression
            self.superSeeding = superSeeding
            self.seedRatio = seedRatio
            self.seedTime = seedTime
            self.seedIdle = seedIdle
            self.moveTo = moveTo
        }
    }

    /// What comes out.
    package typealias Result = TorrentStrategies
}
