// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A torrent with its progress, as a start needs it.
package struct StoredTorrent: Hashable, Sendable {
    /// The torrent.
    package let record: TorrentRecord
    /// The pieces that were recorded as durable. Nil when nothing was, when the shape is not known, or when it was
    /// recorded for another number of pieces: then everything is to be hashed.
    package let pieces: Bitfield?
}
