// SPDX-License-Identifier: Apache-2.0

/// Where a torrent stands between the disk and the network.
enum TorrentLife {
    /// Known from the state, not looked at yet.
    case asleep
    /// Its files are being made ready or hashed.
    case checking(JobProgress)
    /// It takes part; its handle tells more.
    case active
    /// It waits until others leave it a place.
    case queued
    /// The operator stopped it.
    case paused
    /// It could not be brought up, and why; tried again by itself.
    case suspended(String)
}
