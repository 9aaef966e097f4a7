// SPDX-License-Identifier: Apache-2.0

/// Moves the files of a torrent to another folder.
package enum TorrentMove: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.move"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The torrent: an info-hash prefix of at least 4 digits, or its name.
        package var id: TorrentSelector
        /// Absolute path of the folder that the payload is to go below, which must exist.
        package var dir: String

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case dir
        }

        /// Takes the fields as they are.
        package init(id: TorrentSelector, dir: String) {
            self.id = id
            self.dir = dir
        }
    }

    /// What comes out.
    package typealias Result = JobReference
}
