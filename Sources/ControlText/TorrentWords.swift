// SPDX-License-Identifier: Apache-2.0

/// The words behind a command that names torrents and then says what to do with them: `release-41 release-42 picker=x`.
package struct TorrentWords: Hashable, Sendable {
    /// Words that are not in that order.
    package struct Misplaced: Error, Hashable, Sendable {
        /// The torrent that stands behind a change.
        package let torrent: String
        /// The change that it stands behind.
        package let change: String
    }

    /// The torrents as they were named.
    package let torrents: [String]
    /// What is to be done with them.
    package let changes: [String]

    /// Divides `words` at the first one that `isChange`. Where a torrent must be named, the first word is one whatever it
    /// looks like: a name may well have a `=` in it.
    package init(
        _ words: [String], torrentFirst: Bool = true, isChange: (String) -> Bool
    ) throws(Misplaced) {
        let named = torrentFirst ? words.prefix(1) : []
        let rest = words.dropFirst(named.count)
        let more = rest.prefix { !isChange($0) }
        let changes = Array(rest.dropFirst(more.count))
        if let torrent = changes.first(where: { !isChange($0) }) {
            throw Misplaced(torrent: torrent, change: changes[0])
        }
        self.torrents = Array(named + more)
        self.changes = changes
    }
}

extension TorrentWords.Misplaced: CustomStringConvertible {
    /// What is wrong, and how it is right.
    package var description: String {
        "\u{201C}\(self.torrent)\u{201D} stands behind \u{201C}\(self.change)\u{201D}; all torrents are named first"
    }
}
