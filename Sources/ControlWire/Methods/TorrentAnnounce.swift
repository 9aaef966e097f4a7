// SPDX-License-Identifier: Apache-2.0

/// Asks the trackers of a torrent for peers now, as far as they allow it.
package enum TorrentAnnounce: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.announce"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package typealias Result = TorrentReference
}
