// SPDX-License-Identifier: Apache-2.0

/// Which metainfo version a new torrent is made in.
package enum TorrentKind: String, Codable, CaseIterable, Sendable {
    /// SHA-1 pieces (BEP 3).
    case v1
    /// Both, so that every client can take part (BEP 52).
    case hybrid
    /// SHA-256 trees only (BEP 52).
    case v2
}
