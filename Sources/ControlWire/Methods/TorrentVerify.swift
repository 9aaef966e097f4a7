// SPDX-License-Identifier: Apache-2.0

/// Hashes all that is on disk of a torrent, and fetches again what is damaged.
package enum TorrentVerify: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.verify"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package typealias Params = SelectorParams

    /// What comes out.
    package typealias Result = JobReference
}
