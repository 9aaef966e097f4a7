// SPDX-License-Identifier: Apache-2.0

/// Lets a paused torrent go on, and a suspended one try again at once.
package enum TorrentResume: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.resume"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package typealias Result = TorrentReference
}
