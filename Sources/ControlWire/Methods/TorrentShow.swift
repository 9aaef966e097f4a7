// SPDX-License-Identifier: Apache-2.0

/// Tells everything about one torrent.
package enum TorrentShow: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.show"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package typealias Result = TorrentDetail
}
