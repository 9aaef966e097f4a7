// SPDX-License-Identifier: Apache-2.0

/// What the catalogue takes and gives at most.
package struct CatalogueLimits: Hashable, Sendable {
    /// Torrents; 0 turns the catalogue off.
    package var entries = 100_000
    /// Bytes of all torrent files together.
    package var totalBytes = 8 << 30
    /// Bytes of one torrent file.
    package var metainfoBytes = 16 << 20
    /// Rows in one answer.
    package var rows = 200
    /// Bytes of torrent files that are being received at a time, over all connections.
    package var receivingBytes = 128 << 20
    /// Questions that wait for the database at a time.
    package var pending = 512

    /// The defaults.
    package init() {}
}
