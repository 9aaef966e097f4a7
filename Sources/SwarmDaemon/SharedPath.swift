// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc

/// A file or folder that is to be shared, named absolutely.
struct SharedPath {
    /// The last part, which is how progress is shown until the torrent has its name.
    let name: String

    /// Throws when the path is not absolute, or names the root.
    init(_ path: String) throws(ControlError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        guard trimmed.hasPrefix("/"), let slash = trimmed.lastIndex(of: "/"), trimmed.count > 1 else {
            throw ControlError(.invalidParams, "path must be absolute and below /, not \u{201C}\(path)\u{201D}")
        }
        self.name = String(trimmed[trimmed.index(after: slash)...])
    }
}
