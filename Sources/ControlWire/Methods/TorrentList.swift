// SPDX-License-Identifier: Apache-2.0

/// Lists torrents, oldest first.
package enum TorrentList: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.list"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package struct Params: ControlObject {
        /// Only these; absent means all.
        package var ids: [TorrentSelector]?
        /// Only those in one of these states; absent means all.
        package var states: [TorrentState]?
        /// Only those whose name contains this, whatever the case.
        package var text: String?
        /// At most so many; absent means all.
        package var limit: Int?
        /// Go on behind an earlier answer: its `next`.
        package var after: String?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case ids
            case states
            case text
            case limit
            case after
        }

        /// Takes the fields as they are.
        package init(
            ids: [TorrentSelector]? = nil, states: [TorrentState]? = nil, text: String? = nil, limit: Int? = nil,
            after: String? = nil
        ) {
            self.ids = ids
            self.states = states
            self.text = text
            self.limit = limit
            self.after = after
        }
    }

    /// What comes out.
    package struct Result: ControlObject {
        /// The torrents.
        package var torrents: [TorrentSummary]
        /// Present when there are more: what to pass as `after`.
        package var next: String?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case torrents
            case next
        }

        /// Takes the fields as they are.
        package init(torrents: [TorrentSummary], next: String? = nil) {
            self.torrents = torrents
            self.next = next
        }
    }
}
