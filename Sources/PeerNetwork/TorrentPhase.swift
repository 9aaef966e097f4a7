// SPDX-License-Identifier: Apache-2.0

/// What a torrent is doing on the network.
package enum TorrentPhase: String, Sendable {
    /// Nothing but the info-hash is known, and peers are asked for the rest.
    case metadata
    /// Pieces are missing and asked for.
    case downloading
    /// Everything is here; peers are served.
    case seeding
    /// Storage failed; nothing is requested until a retry works.
    case suspended
    /// Not taking part: paused, or its data is being checked.
    case stopped
}
