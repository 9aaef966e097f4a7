// SPDX-License-Identifier: Apache-2.0

/// How a user names a torrent: by an info-hash prefix of at least four digits, or by its name. Nothing is checked
/// before `resolve`, because only the list of torrents can tell.
package struct TorrentSelector: Codable, Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The fewest digits of an info-hash that select a torrent.
    package static let fewestDigits = 4
    /// The most candidates that an error lists.
    package static let mostCandidates = 10

    /// The most torrents whose names are compared with one that is not there.
    static let mostCompared = 1_000

    /// What the user typed.
    package let text: String

    /// Takes what the user typed.
    package init(_ text: String) {
        self.text = text
    }

    /// Takes a literal, in tests.
    package init(stringLiteral text: String) {
        self.text = text
    }

    /// Reads a string.
    package init(from decoder: any Decoder) throws {
        self.text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes a string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.text)
    }

    /// What the user typed.
    package var description: String { self.text }
}
