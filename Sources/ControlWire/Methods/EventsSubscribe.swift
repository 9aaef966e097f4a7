// SPDX-License-Identifier: Apache-2.0

/// Has the daemon tell of what happens, as notifications on the same connection, from now on or from a cursor on.
package enum EventsSubscribe: ControlMethod {
    /// The name on the wire.
    package static let name = "events.subscribe"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read
    /// The `since` that stands for the oldest event that is kept.
    package static let start = "start"

    /// What goes in.
    package struct Params: ControlObject {
        /// The cursor behind which to go on, or `start` for all that is kept; absent means from now on.
        package var since: String?
        /// Only events of these kinds; absent means all.
        package var events: [String]?
        /// Only events of this torrent; absent means all.
        package var id: TorrentSelector?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case since
            case events
            case id
        }

        /// Takes the fields as they are.
        package init(since: String? = nil, events: [String]? = nil, id: TorrentSelector? = nil) {
            self.since = since
            self.events = events
            self.id = id
        }
    }

    /// What comes out, before the first notification.
    package struct Result: ControlObject {
        /// The cursor where the subscription begins.
        package var cursor: String

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case cursor
        }

        /// Takes the fields as they are.
        package init(cursor: String) {
            self.cursor = cursor
        }
    }
}
