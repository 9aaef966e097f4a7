// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The counts of torrents (BEP 48). Torrents that the tracker does not know are absent.
package struct ScrapeResponse: Hashable, Sendable {
    /// The counts of one torrent.
    package struct Entry: Hashable, Sendable {
        /// The torrent.
        package var infoHash: InfoHash
        /// Peers that have everything.
        package var complete: UInt64
        /// Peers that do not.
        package var incomplete: UInt64
        /// How many peers became complete, ever.
        package var downloaded: UInt64

        /// The counts of one torrent.
        package init(infoHash: InfoHash, complete: UInt64 = 0, incomplete: UInt64 = 0, downloaded: UInt64 = 0) {
            self.infoHash = infoHash
            self.complete = complete
            self.incomplete = incomplete
            self.downloaded = downloaded
        }
    }

    /// In the order of the answer.
    package var entries: [Entry]
    /// Do not scrape again sooner than this.
    package var minimumInterval: Interval?

    /// An answer with these entries.
    package init(entries: [Entry], minimumInterval: Interval? = nil) {
        self.entries = entries
        self.minimumInterval = minimumInterval
    }

    /// The counts of one torrent, nil when the answer has none.
    package subscript(infoHash: InfoHash) -> Entry? {
        self.entries.first { $0.infoHash == infoHash }
    }
}
