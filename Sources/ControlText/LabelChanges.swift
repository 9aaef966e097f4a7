// SPDX-License-Identifier: Apache-2.0

/// What `label` was told: `+urgent -old` and the like.
package struct LabelChanges: Hashable, Sendable {
    /// Labels that a torrent gets.
    package private(set) var added: [String] = []
    /// Labels that it loses.
    package private(set) var removed: [String] = []

    /// Reads words that begin with + or -; nil where one does not, or has nothing behind it.
    package init?(_ words: [String]) {
        for word in words {
            let label = String(word.dropFirst())
            guard !label.isEmpty else { return nil }
            switch word.first {
            case "+": self.added.append(label)
            case "-": self.removed.append(label)
            default: return nil
            }
        }
    }
}
