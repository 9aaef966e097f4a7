// SPDX-License-Identifier: Apache-2.0

/// A tracker's URL as a log may show it. User, password, query and every part of the path that may be a key are left
/// out: private trackers know their users by them.
package struct LoggedURL: Hashable, Sendable, CustomStringConvertible {
    /// Scheme, host and port, and of the path what every tracker has.
    package let description: String
    /// What was left out, the longest first.
    private let secrets: [String]

    /// Parts of a path that tell nothing.
    private static let plainParts: Set<Substring> = ["", "announce", "announce.php", "scrape", "scrape.php"]
    /// What is shorter is no secret, and would tear holes into other words.
    private static let shortestSecret = 4

    /// The URL as an announce list has it; what is no URL is not shown at all.
    package init(_ text: String) {
        guard let mark = text.firstRange(of: "://"), mark.lowerBound > text.startIndex else {
            self.description = "(no URL)"
            self.secrets = Self.sorted([text])
            return
        }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let path = rest[authority.endIndex...].prefix { !"?#".contains($0) }
        let tail = rest[path.endIndex...]
        var secrets: [Substring] = []
        var host = authority
        if let at = authority.lastIndex(of: "@") {
            host = authority[authority.index(after: at)...]
            secrets.append(authority[..<at])
            secrets += authority[..<at].split(separator: ":")
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        secrets += parts.filter { !Self.plainParts.contains($0) }
        secrets += tail.split { "?#&=".contains($0) } + [tail.dropFirst()]
        let shown = parts.map { Self.plainParts.contains($0) ? String($0) : "\u{2026}" }.joined(separator: "/")
        self.description = text[..<mark.upperBound] + host + shown + (tail.isEmpty ? "" : "?\u{2026}")
        self.secrets = Self.sorted(secrets.map(String.init))
    }

    /// A text, of the tracker's for instance, without what was left out.
    package func cleaned(_ text: String) -> String {
        self.secrets.reduce(text) { $0.replacing($1, with: "\u{2026}") }
    }

    private static func sorted(_ secrets: [String]) -> [String] {
        secrets.filter { $0.utf8.count >= Self.shortestSecret }.sorted { $0.utf8.count > $1.utf8.count }
    }
}
