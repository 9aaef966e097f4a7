// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Metainfo {
    /// Trackers in tiers: those of a tier stand for each other, tiers are tried in turn (BEP 12).
    package var trackerTiers: [[String]] { self.surroundings.trackerTiers }
    /// Web servers that have the files (BEP 19), ready to use: those of several files end in `/`.
    package var webSeeds: [String] { self.surroundings.webSeeds }
    /// Web servers of the older kind (BEP 17).
    package var httpSeeds: [String] { self.surroundings.httpSeeds }
    /// DHT nodes the torrent recommends (BEP 5).
    package var dhtNodes: [DHTNode] { self.surroundings.dhtNodes }
    /// Torrents that may share files with this one (BEP 38).
    package var similar: [InfoHash] { self.surroundings.similar }
    /// Names of collections the torrent belongs to (BEP 38).
    package var collections: [String] { self.surroundings.collections }
    /// What its maker wrote of it.
    package var comment: String? { self.surroundings.comment }
    /// The program that made it.
    package var createdBy: String? { self.surroundings.createdBy }
    /// When it was made, in seconds since 1970.
    package var creationDate: Int64? { self.surroundings.creationDate }

    /// The whole .torrent file with these piece layers, by root, of files that had none: reading it checks them.
    package func encoded(with layers: [[UInt8]: [UInt8]]) -> [UInt8] {
        let all = self.pieceLayers.merging(layers) { $1 }
        return TorrentEnvelope(info: self.infoBytes, pieceLayers: self.isV2 ? all : nil, self.surroundings).encoded
    }

    /// The whole .torrent file again, the info dictionary byte for byte: for torrents that came as bare metadata.
    package var encoded: [UInt8] {
        let layers = self.isV2 && (self.hasAllPieceLayers || !self.pieceLayers.isEmpty) ? self.pieceLayers : nil
        return TorrentEnvelope(info: self.infoBytes, pieceLayers: layers, self.surroundings).encoded
    }
}
