// SPDX-License-Identifier: Apache-2.0

/// What path and query of a tracker's URL ask for, found without copying. A passkey may be the first part of the path
/// (`/KEY/announce`) or a parameter (`/announce?passkey=KEY`).
package struct TrackerTarget {
    /// What is asked for.
    package enum Kind: Hashable, Sendable {
        case announce
        case scrape
        /// Anything else, for HTTP has more.
        case other
    }

    /// Most bytes of a passkey.
    package static let longestPasskey = 64

    /// What is asked for.
    package let kind: Kind
    /// Bytes of the path.
    package let pathLength: Int
    /// Where the query begins, without its question mark.
    package let query: Range<Int>
    /// The part of the path that is a passkey, if there is one.
    private let pathKey: Range<Int>?

    /// Reads what stands behind the host: path, question mark, query.
    package init(_ target: Span<UInt8>) {
        var mark = 0
        while mark < target.count, target[mark] != UInt8(ascii: "?") { mark += 1 }
        self.pathLength = mark
        self.query = min(mark + 1, target.count)..<target.count
        var slash = mark
        while slash > 0, target[slash - 1] != UInt8(ascii: "/") { slash -= 1 }
        if target.matches(slash..<mark, "announce") {
            self.kind = .announce
        } else if target.matches(slash..<mark, "scrape") {
            self.kind = .scrape
        } else {
            self.kind = .other
        }
        let middle = min(1, mark)..<max(slash - 1, min(1, mark))
        self.pathKey = middle.isEmpty ? nil : middle
    }

    /// Whether the path has more than a name.
    package var hasPathKey: Bool { self.pathKey != nil }

    /// The passkey that the target has; nil where there is none that could be one.
    package func passkey(in target: Span<UInt8>) -> [UInt8]? {
        if let key = self.pathKey { return Self.bytes(target, key) }
        var position = self.query.lowerBound
        while let pair = target.queryPair(at: &position) {
            if target.matches(pair.name, "passkey") { return Self.bytes(target, pair.value) }
        }
        return nil
    }

    private static func bytes(_ target: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        guard !range.isEmpty, range.count <= Self.longestPasskey else { return nil }
        return range.map { target[$0] }
    }
}
