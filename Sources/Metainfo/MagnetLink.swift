// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A magnet link (BEP 9, BEP 53): a torrent's hash and where to ask for the rest.
///
/// Policy: keys count in either case and with a number behind a dot (`tr.1`). A hash that is not well-formed refuses the
/// link; every other part that is not is left out. Each tracker is a tier of its own, in order; repeated ones are
/// dropped. Peers are addresses; host names are left out. A bare info-hash (40 hexadecimal digits, 32 of base32, or 64
/// hexadecimal for v2) is taken as a link that says nothing else.
package struct MagnetLink: Hashable, Sendable, CustomStringConvertible {
    /// `urn:btih`.
    package let infoHashV1: InfoHash?
    /// `urn:btmh`.
    package let infoHashV2: InfoHashV2?
    /// `dn`: a name to show until the true one is known.
    package var name: String?
    /// `tr`, in order.
    package var trackers: [String] = []
    /// `ws`, in order.
    package var webSeeds: [String] = []
    /// `x.pe`, in order.
    package var peers: [PeerEndpoint] = []
    /// `so`: indices of the files wanted, rising; empty when all are.
    package var selectedFiles: [Int] = []

    /// A link to a torrent, by at least one hash.
    package init?(v1: InfoHash?, v2: InfoHashV2?) {
        guard v1 != nil || v2 != nil else { return nil }
        self.infoHashV1 = v1
        self.infoHashV2 = v2
    }

    /// The link to a torrent whose metadata is known.
    package init(_ metainfo: Metainfo) {
        self.infoHashV1 = metainfo.infoHashV1
        self.infoHashV2 = metainfo.infoHashV2
        self.name = metainfo.name
        self.trackers = metainfo.trackerTiers.flatMap(\.self)
        self.webSeeds = metainfo.webSeeds
    }

    /// The name used in handshakes and announces: v1 if there is one, else v2 cut to twenty bytes.
    package var infoHash: InfoHash {
        guard let hash = self.infoHashV1 ?? self.infoHashV2?.truncated else {
            preconditionFailure("a magnet link has a hash")
        }
        return hash
    }

    /// Each tracker as a tier of its own.
    package var trackerTiers: [[String]] { self.trackers.map { [$0] } }

    /// The link as text.
    package var description: String {
        var parts: [String] = []
        if let hash = self.infoHashV1 { parts.append("xt=urn:btih:\(hash)") }
        if let hash = self.infoHashV2 { parts.append("xt=urn:btmh:1220\(hash)") }
        if let name = self.name { parts.append("dn=" + PercentEncoding.encode(name)) }
        parts += self.trackers.map { "tr=" + PercentEncoding.encode($0) }
        parts += self.webSeeds.map { "ws=" + PercentEncoding.encode($0) }
        parts += self.peers.map { "x.pe=\($0)" }
        if !self.selectedFiles.isEmpty { parts.append("so=" + FileSelection.text(self.selectedFiles)) }
        return "magnet:?" + parts.joined(separator: "&")
    }
}
