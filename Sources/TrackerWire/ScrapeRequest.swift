// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A question for the counts of torrents (BEP 48). No hashes asks for all, which trackers rarely grant.
package struct ScrapeRequest: Hashable, Sendable {
    /// Most hashes that are read from one query.
    package static let maximumCount = 74

    /// The torrents asked about, in order.
    package var infoHashes: [InfoHash]

    /// Asks about some torrents.
    package init(infoHashes: [InfoHash]) {
        self.infoHashes = infoHashes
    }

    /// Reads a raw query (what follows the question mark); other parameters are ignored.
    package init(query: Span<UInt8>) throws(TrackerQueryError) {
        guard query.count <= AnnounceRequest.maximumQueryLength else {
            throw .tooLong(AnnounceRequest.maximumQueryLength)
        }
        self.infoHashes = []
        var position = 0
        while let pair = query.queryPair(at: &position) {
            guard query.matches(pair.name, "info_hash") else { continue }
            guard self.infoHashes.count < Self.maximumCount else { throw .tooManyHashes(Self.maximumCount) }
            self.infoHashes.append(InfoHash(try query.twentyBytes(pair.value, "info_hash")))
        }
    }

    /// As `init(query: Span)`, of a string.
    package init(query: String) throws(TrackerQueryError) {
        try self.init(query: query.utf8.span)
    }

    /// The query, without a question mark.
    package var query: String {
        var writer = QueryWriter()
        for hash in self.infoHashes { writer.append("info_hash", bytes: hash.bytes) }
        return writer.text
    }

    /// The address to GET for an announce address, nil when that tracker has no scrape: the last path component must
    /// begin with `announce`, which becomes `scrape` (BEP 48).
    package func url(announce: String) -> String? {
        Self.base(announce: announce).map { QueryWriter.join(base: $0, query: self.query) }
    }

    /// The scrape address that goes with an announce address, without hashes.
    package static func base(announce: String) -> String? {
        guard let slash = announce.lastIndex(of: "/") else { return nil }
        let last = announce[announce.index(after: slash)...]
        guard last.hasPrefix("announce") else { return nil }
        return announce[...slash] + "scrape" + last.dropFirst("announce".count)
    }
}
