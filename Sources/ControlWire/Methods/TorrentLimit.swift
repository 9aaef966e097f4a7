// SPDX-License-Identifier: Apache-2.0

/// Holds one torrent to limits of its own, at once and over restarts; what holds for all torrents holds besides.
package enum TorrentLimit: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.limit"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// The torrent: an info-hash prefix of at least 4 digits, or its name.
        package var id: TorrentSelector
        /// The most bytes a second in; 0 for no limit, absent leaves it as it is.
        package var down: Int?
        /// The most bytes a second out; 0 for no limit, absent leaves it as it is.
        package var up: Int?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case down
            case up
        }

        /// Takes the fields as they are.
        package init(id: TorrentSelector, down: Int? = nil, up: Int? = nil) {
            self.id = id
            self.down = down
            self.up = up
        }
    }

    /// What comes out.
    package typealias Result = TorrentLimits
}
