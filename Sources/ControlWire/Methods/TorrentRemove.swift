// SPDX-License-Identifier: Apache-2.0

/// Forgets a torrent, and deletes its data when told so.
package enum TorrentRemove: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.remove"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The torrent: an info-hash prefix of at least 4 digits, or its name.
        package var id: TorrentSelector
        /// Whether the files that the torrent names are deleted too.
        package var deleteData: Bool

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case deleteData = "delete_data"
        }

        /// Takes the fields as they are.
        package init(id: TorrentSelector, deleteData: Bool = false) {
            self.id = id
            self.deleteData = deleteData
        }

        /// Reads the object; a field with a default may be absent.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.id = try container.decode(TorrentSelector.self, forKey: .id)
            self.deleteData = try container.decodeIfPresent(Bool.self, forKey: .deleteData) ?? false
        }
    }

    /// What comes out.
    package typealias Result = TorrentReference
}
