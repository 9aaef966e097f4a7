// SPDX-License-Identifier: Apache-2.0

/// What a torrent does.
package enum TorrentState: String, Codable, CaseIterable, Sendable {
    /// Hashes what is on disk.
    case checking
    /// Has no file list yet and asks peers for it (BEP 9).
    case metadata
    /// Fetches what is missing.
    case downloading
    /// Has everything that is wanted and serves it.
    case seeding
    /// Stopped by the user.
    case paused
    /// Waits for its turn.
    case queued
    /// Stopped by trouble (a full disk, a missing mount); goes on by itself when that is over.
    case suspended
}
