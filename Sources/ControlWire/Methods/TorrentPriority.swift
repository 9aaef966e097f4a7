// SPDX-License-Identifier: Apache-2.0

/// Says how much files of one torrent matter, at once and over restarts. Before the metadata are here it is remembered.
package enum TorrentPriority: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.priority"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The torrent: an info-hash prefix of at least 4 digits, or its name.
        package var id: TorrentSelector
        /// What is chosen, in order: where two speak of one file the later counts.
        package var files: [FileChoice]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case files
        }

        /// Takes the fields as they are.
        package init(id: TorrentSelector, files: [FileChoice]) {
            self.id = id
            self.files = files
        }
    }

    /// What comes out.
    package typealias Result = TorrentFiles.Result
}
