// SPDX-License-Identifier: Apache-2.0

/// What a long operation does.
package enum JobKind: String, Codable, CaseIterable, Sendable {
    /// Hashes a path, adds it as a torrent and seeds it.
    case share
    /// Hashes what is on disk of a torrent.
    case verify
    /// Deletes the data of a torrent.
    case remove
    /// Gets a torrent file or catalogue entry over the network.
    case fetch
    /// Moves the data of a torrent.
    case move
}
