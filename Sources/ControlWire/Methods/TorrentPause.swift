// SPDX-License-Identifier: Apache-2.0

/// Stops a torrent; stays so over restarts.
package enum TorrentPause: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.pause"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package typealias Result = TorrentReference
}
