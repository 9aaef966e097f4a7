// SPDX-License-Identifier: Apache-2.0

/// What may mark a torrent.
package enum LabelRule {
    /// The longest label, in bytes.
    package static let longest = 64
    /// The rule, for whoever broke it.
    package static let words =
        "it has 1 to \(longest) bytes, begins with neither + nor - nor a space, and has no comma and no control character"
        + " in it"

    /// Whether something is a label.
    package static func admits(_ text: String) -> Bool {
        guard (1...Self.longest).contains(text.utf8.count), let first = text.first, !"+- ".contains(first) else {
            return false
        }
        return text.last != " " && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "," }
    }
}
