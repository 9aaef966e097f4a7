// SPDX-License-Identifier: Apache-2.0

/// Marks a torrent with labels, or takes them away, over restarts too.
package enum TorrentLabel: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.label"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The torrent: an info-hash prefix of at least 4 digits, or its name.
        package var id: TorrentSelector
        /// Labels that it gets.
        package var add: [String]
        /// Labels that it loses; one that it does not have changes nothing.
        package var remove: [String]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case add
            case remove
        }

        /// Takes the fields as they are.
        package init(id: TorrentSelector, add: [String] = [], remove: [String] = []) {
            self.id = id
            self.add = add
            self.remove = remove
        }

        /// Reads the object; a field with a default may be absent.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.id = try container.decode(TorrentSelector.self, forKey: .id)
            self.add = try container.decodeIfPresent([String].self, forKey: .add) ?? []
            self.remove = try container.decodeIfPresent([String].self, forKey: .remove) ?? []
        }
    }

    /// What comes out.
    package typealias Result = TorrentLabels
}
