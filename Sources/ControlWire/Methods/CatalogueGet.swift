// SPDX-License-Identifier: Apache-2.0

/// Finds a torrent in the catalogues and adds it.
package enum CatalogueGet: ControlMethod {
    /// The name on the wire.
    package static let name = "catalogue.get"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// Its exact name or its info-hash (a prefix of at least 4 digits will do).
        package var id: String
        /// Absolute path of the folder that the payload goes below; absent means the configured one.
        package var dir: String?
        /// Whether it stays stopped until `torrent.resume`.
        package var paused: Bool
        /// The piece picker; absent means the configured one.
        package var picker: String?
        /// The choker; absent means the configured one.
        package var choker: String?
        /// What it is marked with.
        package var labels: [String]
        /// Absolute path of the folder that its files go to when it is complete; absent means that they stay.
        package var moveTo: String?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case dir
            case paused
            case picker
            case choker
            case labels
            case moveTo = "move_to"
        }

        /// Takes the fields as they are.
        package init(
            id: String, dir: String? = nil, paused: Bool = false, picker: String? = nil, choker: String? = nil,
            labels: [String] = [], moveTo: String? = nil
        ) {
            self.id = id
            self.dir = dir
            self.paused = paused
            self.picker = picker
            self.choker = choker
            self.labels = labels
            self.moveTo = moveTo
        }

        /// Reads the object; a field with a default may be absent.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.id = try container.decode(String.self, forKey: .id)
            self.dir = try container.decodeIfPresent(String.self, forKey: .dir)
            self.paused = try container.decodeIfPresent(Bool.self, forKey: .paused) ?? false
            self.picker = try container.decodeIfPresent(String.self, forKey: .picker)
            self.choker = try container.decodeIfPresent(String.self, forKey: .choker)
            self.labels = try container.decodeIfPresent([String].self, forKey: .labels) ?? []
            self.moveTo = try container.decodeIfPresent(String.self, forKey: .moveTo)
        }
    }

    /// What comes out.
    package typealias Result = TorrentReference
}
