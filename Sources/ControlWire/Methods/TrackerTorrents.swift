// SPDX-License-Identifier: Apache-2.0

/// Lists torrents that somebody takes part in, those with the most peers first.
package enum TrackerTorrents: ControlMethod {
    /// The name on the wire.
    package static let name = "tracker.torrents"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package struct Params: ControlObject {
        /// At most so many; absent means 100.
        package var limit: Int?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case limit
        }

        /// Takes the fields as they are.
        package init(limit: Int? = nil) {
            self.limit = limit
        }
    }

    /// What comes out.
    package struct Result: ControlObject {
        /// The torrents.
        package var torrents: [TrackedTorrentStatus]
        /// How many there are.
        package var total: Int

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case torrents
            case total
        }

        /// Takes the fields as they are.
        package init(torrents: [TrackedTorrentStatus], total: Int) {
            self.torrents = torrents
            self.total = total
        }
    }
}
