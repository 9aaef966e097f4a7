// SPDX-License-Identifier: Apache-2.0

/// Lists the files of a torrent; empty while the metadata are missing.
package enum TorrentFiles: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.files"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package struct Result: ControlObject {
        /// The files in the torrent's order.
        package var files: [FileStatus]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case files
        }

        /// Takes the fields as they are.
        package init(files: [FileStatus]) {
            self.files = files
        }
    }
}
