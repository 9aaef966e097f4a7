// SPDX-License-Identifier: Apache-2.0

/// Makes paths absolute in the text: the daemon has another working directory than the user. Links are not resolved.
package enum AbsolutePath {
    /// `path` seen from the directory `base` (absolute), without `.`, `..`, doubled and trailing slashes.
    package static func resolve(_ path: String, from base: String) -> String {
        let whole = path.hasPrefix("/") ? path : base + "/" + path
        var parts: [Substring] = []
        for part in whole.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": parts = parts.dropLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
