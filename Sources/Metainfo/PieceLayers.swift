// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

/// The `piece layers` of a torrent (BEP 52), each checked against the root of its file.
///
/// Policy: the key may be absent, and so may single layers (they can be asked of peers); a layer that is there must
/// belong to a file of more than one piece (or be the trivial one of a one-piece file), have its length, and hash to its
/// root.
enum PieceLayers {
    private static let place = "piece layers"

    static func read(_ value: BencodeValue?, _ info: InfoDictionary) throws(MetainfoError) -> [[UInt8]: [UInt8]] {
        guard let value, info.hashV2 != nil else { return [:] }
        let reader = try DictionaryReader(value, at: self.place)
        var lengths: [[UInt8]: UInt64] = [:]
        for file in info.files {
            guard let root = file.piecesRoot else { continue }
            guard lengths.updateValue(file.length, forKey: root) ?? file.length == file.length else {
                throw self.error("the root \(self.shown(root)) for two lengths", "a root has one length")
            }
        }
        var layers: [[UInt8]: [UInt8]] = [:]
        for (key, value) in reader.dictionary {
            let root = Array(key)
            guard let length = lengths[root] else {
                throw self.error("a layer of \(self.shown(root))", "no file has that root")
            }
            guard let layer = value.bytes else {
                throw reader.wrongType(self.shown(root), wanted: "a string", value)
            }
            try self.check(layer, root: root, fileLength: length, pieceLength: info.geometry.pieceLength)
            if length > UInt64(info.geometry.pieceLength) { layers[root] = Array(layer) }
        }
        return layers
    }

    private static func check(
        _ layer: ArraySlice<UInt8>, root: [UInt8], fileLength: UInt64, pieceLength: UInt32
    ) throws(MetainfoError) {
        let pieces = (fileLength - 1) / UInt64(pieceLength) + 1
        guard layer.count.isMultiple(of: MerkleTree.hashLength),
            UInt64(layer.count / MerkleTree.hashLength) == pieces
        else {
            throw self.error(
                "a layer of \(layer.count) bytes for \(self.shown(root))",
                "a file of \(fileLength) bytes has \(pieces) pieces of 32 bytes each")
        }
        let above = pieces == 1 ? Array(layer) : FileMerkle.root(ofLayer: layer, pieceLength: pieceLength)
        guard above == root else {
            throw self.error("a layer that hashes to \(self.shown(above))", "it must be \(self.shown(root))")
        }
    }

    private static func shown(_ root: [UInt8]) -> String { Hexadecimal.encode(root.prefix(8)) + "…" }

    private static func error(_ found: String, _ wanted: String) -> MetainfoError {
        MetainfoError(self.place, .unacceptable(found: found, wanted: wanted))
    }
}
