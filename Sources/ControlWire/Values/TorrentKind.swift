// SPDX-License-Identifier: Apache-2.0

/// Which metainfo version a new torrent is made in.
package enum TorrentKind: String, Codable, CaseIterable, Sendable {
    /// SHA-1 pieces (BEP 3), which every client can read.
    case v1
    /// Both at once (BEP 52), for swarms with v2 clients: small files are padded, and old clients cannot read it.
    case hybrid
    /// SHA-256 trees only (BEP 52).
    case v2
}
