// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a torrent cannot be made of a file or folder.
package struct CreationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is in the way.
    package enum Problem: Hashable, Sendable {
        /// The system refused to open or list it.
        case unreadable(errno: Int32)
        /// Its name is not UTF-8, which torrents require.
        case nameNotUTF8
        /// It is a device, a socket or a pipe.
        case notAFile
        /// A symbolic link to something outside the shared folder.
        case linkLeadsOut(target: String)
        /// It changed while it was being hashed.
        case changed
        /// Folders are nested deeper than any torrent allows.
        case tooDeep
    }

    /// The file or folder.
    package let path: String
    /// What is in the way.
    package let problem: Problem

    init(_ problem: Problem, path: String) {
        self.path = path
        self.problem = problem
    }

    /// One sentence for people: what, where, what to do.
    package var description: String {
        let reason =
            switch self.problem {
            case .unreadable(let code): "it cannot be read: \(String(cString: strerror(code)))"
            case .nameNotUTF8: "its name is not UTF-8; rename it"
            case .notAFile: "it is neither a file nor a folder nor a symbolic link; move it away"
            case .linkLeadsOut(let target):
                "it is a symbolic link to \(target), outside the shared folder; replace it by what it points to"
            case .changed: "it changed while it was being hashed; try again when nothing writes to it"
            case .tooDeep: "folders are nested too deeply here"
            }
        return "cannot share \(self.path): \(reason)"
    }
}
