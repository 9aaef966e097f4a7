// SPDX-License-Identifier: Apache-2.0

/// Lists the trackers of a torrent and what they said.
package enum TorrentTrackers: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.trackers"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package struct Result: ControlObject {
        /// The trackers by tier.
        package var trackers: [TrackerStatus]

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case trackers
        }

        /// Takes the fields as they are.
        package init(trackers: [TrackerStatus]) {
            self.trackers = trackers
        }
    }
}
