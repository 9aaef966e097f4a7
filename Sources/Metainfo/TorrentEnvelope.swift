// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

/// Writes a .torrent file around an info dictionary, canonically.
struct TorrentEnvelope {
    private let info: [UInt8]
    private let pieceLayers: [[UInt8]: [UInt8]]?
    private let surroundings: Surroundings

    /// `pieceLayers` is nil when the key is not to be written.
    init(info: [UInt8], pieceLayers: [[UInt8]: [UInt8]]?, _ surroundings: Surroundings) {
        self.info = info
        self.pieceLayers = pieceLayers
        self.surroundings = surroundings
    }

    var encoded: [UInt8] {
        var writer = BencodeWriter(reserving: self.info.count + 1024)
        writer.dictionary { writer in
            self.writeTrackers(to: &writer)
            self.writeDescription(to: &writer)
            Self.write("httpseeds", self.surroundings.httpSeeds, to: &writer)
            writer.key("info")
            writer.write(raw: self.info)
            self.writeNodes(to: &writer)
            self.writeLayers(to: &writer)
            if !self.surroundings.similar.isEmpty {
                writer.key("similar")
                writer.list { writer in
                    for hash in self.surroundings.similar { writer.write(hash.bytes) }
                }
            }
            Self.write("url-list", self.surroundings.webSeeds, to: &writer)
        }
        return writer.bytes
    }

    private func writeTrackers(to writer: inout BencodeWriter) {
        let tiers = self.surroundings.trackerTiers
        guard let first = tiers.first?.first else { return }
        writer.key("announce")
        writer.write(first)
        guard tiers.count > 1 || tiers[0].count > 1 else { return }
        writer.key("announce-list")
        writer.list { writer in
            for tier in tiers {
                writer.list { writer in
                    for url in tier { writer.write(url) }
                }
            }
        }
    }

    private func writeDescription(to writer: inout BencodeWriter) {
        Self.write("collections", self.surroundings.collections, to: &writer)
        if let comment = self.surroundings.comment {
            writer.key("comment")
            writer.write(comment)
        }
        if let createdBy = self.surroundings.createdBy {
            writer.key("created by")
            writer.write(createdBy)
        }
        if let date = self.surroundings.creationDate {
            writer.key("creation date")
            writer.write(date)
        }
    }

    private func writeNodes(to writer: inout BencodeWriter) {
        guard !self.surroundings.dhtNodes.isEmpty else { return }
        writer.key("nodes")
        writer.list { writer in
            for node in self.surroundings.dhtNodes {
                writer.list { writer in
                    writer.write(node.host)
                    writer.write(Int(node.port))
                }
            }
        }
    }

    private func writeLayers(to writer: inout BencodeWriter) {
        guard let layers = self.pieceLayers else { return }
        writer.key("piece layers")
        writer.dictionary { writer in
            for (root, layer) in layers.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                writer.key(root)
                writer.write(layer)
            }
        }
    }

    private static func write(_ key: String, _ texts: [String], to writer: inout BencodeWriter) {
        guard !texts.isEmpty else { return }
        writer.key(key)
        writer.list { writer in
            for text in texts { writer.write(text) }
        }
    }
}
