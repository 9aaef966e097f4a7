// SPDX-License-Identifier: Apache-2.0

/// How much some files of a torrent are to matter.
package struct FileChoice: ControlObject {
    /// Which: a number from `torrent.files`, a path as it stands there (with or without the torrent's own folder), a folder,
    /// or a pattern with `*` and `?`. `*` alone is every file.
    package var file: String
    /// `skip`, `low`, `normal` or `high`.
    package var level: String

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case file
        case level
    }

    /// Takes the fields as they are.
    package init(file: String, level: String) {
        self.file = file
        self.level = level
    }
}
