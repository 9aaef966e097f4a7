// SPDX-License-Identifier: Apache-2.0

import SwarmModel

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
        /// Only those in one of these states; absent means all. Words, so that whoever answers can say which of them is wrong.
        package var states: [String]?
        /// Only those whose name contains this, whatever the case.
        package var text: String?
        /// Only those that have one of these labels; absent means all.
        package var labels: [String]?
        /// At most so many; absent means all.
        package var limit: Int?
        /// Go on behind an earlier answer: its `next`.
        package var after: String?
        /// Pass over so many first; with `after`, so many of those behind it.
        package var offset: Int?
        /// Only these fields of each, besides `info_hash`; absent means all.
        package var fields: [String]?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case ids
            case states
            case text
            case labels
            case limit
            case after
            case offset
            case fields
        }

        /// Takes the fields as they are.
        package init(
            ids: [TorrentSelector]? = nil, states: [TorrentState]? = nil, text: String? = nil,
            labels: [String]? = nil, limit: Int? = nil, after: String? = nil, offset: Int? = nil,
            fields: [String]? = nil
        ) {
            self.ids = ids
            self.states = states?.map(\.rawValue)
            self.text = text
            self.labels = labels
            self.limit = limit
            self.after = after
            self.offset = offset
            self.fields = fields
        }

        /// The fields that are asked for; nil for all. Throws `invalidParams` for one that a torrent does not have.
        package func selection() throws(ControlError) -> Set<String>? {
            guard let fields = self.fields else { return nil }
            for field in fields where !TorrentSummary.fieldNames.contains(field) {
                let hint = NearestName.nearest(to: field, among: TorrentSummary.fieldNames).map {
                    "; did you mean \($0)?"
                }
                throw ControlError(
                    .invalidParams,
                    "\(TorrentList.name): fields: a torrent has no field \(field.prefix(NearestName.longest))"
                        + (hint ?? ""))
            }
            return Set(fields).union([TorrentSummary.CodingKeys.infoHash.stringValue])
        }
    }

    /// What comes out.
    package struct Result: ControlObject {
        /// The torrents.
        package var torrents: [TorrentSummary]
        /// Present when there are more: what to pass as `after`.
        package var next: String?
        /// How many fit in all, on whatever page; present when there is a `limit`.
        package var total: Int?
        /// The fields of each torrent that are written; nil for all. Not part of what is written.
        package var selection: Set<String>?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case torrents
            case next
            case total
        }

        /// Takes the fields as they are.
        package init(torrents: [TorrentSummary], next: String? = nil, total: Int? = nil) {
            self.torrents = torrents
            self.next = next
            self.total = total
        }
    }
}
