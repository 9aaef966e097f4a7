// SPDX-License-Identifier: Apache-2.0

/// Why a list of files cannot be a torrent's layout.
package struct FileLayoutError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: String, Hashable, Sendable {
        case gap = "the files do not cover the payload exactly"
        case duplicate = "two entries are in each other's way"
        case unsafeName = "a name is empty, \".\", \"..\" or has a slash in it"
        case linkLeadsOut = "a symbolic link leads out of the torrent's own folder"
        case linkWithContent = "a symbolic link cannot hold bytes"
    }

    /// What is wrong.
    package let code: Code
    /// The entry.
    package let path: String

    init(_ code: Code, path: String) {
        self.code = code
        self.path = path
    }

    /// One sentence for people.
    package var description: String { "the torrent's file list is unusable at \"\(self.path)\": \(self.code.rawValue)" }
}
