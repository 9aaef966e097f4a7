// SPDX-License-Identifier: Apache-2.0

import Bencode
package import SwarmModel

/// A torrent's metadata, checked: v1 (BEP 3), v2 (BEP 52) or both at once (hybrid).
///
/// Policy: bytes after a .torrent's one dictionary are ignored; a file without an info dictionary, or with an empty one,
/// is refused. See `InfoDictionary`, `FileList`, `SafeName`, `PieceLayers` and `Surroundings` for the rest.
package struct Metainfo: Hashable, Sendable {
    /// The torrent's name, safe as a name of a file or folder. When nothing of the stated name is usable: its info-hash.
    package let name: String
    /// SHA-1 of the info dictionary as it stands; nil for a torrent that is v2 only.
    package let infoHashV1: InfoHash?
    /// SHA-256 of the info dictionary as it stands; nil for a torrent that is v1 only.
    package let infoHashV2: InfoHashV2?
    /// The name used in handshakes and announces: v1 if there is one, else v2 cut to twenty bytes.
    package let infoHash: InfoHash
    /// How the payload divides into pieces. A v2 torrent is laid out as a hybrid would be: padding between files counts.
    package let geometry: TorrentGeometry
    /// SHA-1 of each piece, twenty bytes each; empty for a torrent that is v2 only.
    package let pieceHashes: [UInt8]
    /// The files in payload order, padding included.
    package let files: [FileEntry]
    /// Whether it is one file without a folder around it.
    package let isSingleFile: Bool
    /// Whether peers may be had from its trackers only (BEP 27).
    package let isPrivate: Bool
    /// The maker's mark that sets copies of one payload apart, if any.
    package let source: String?
    /// The piece layers at hand, by root: the hashes of a file's pieces, 32 bytes each, checked against the root. Files
    /// of one piece have none; those of others may be missing.
    package let pieceLayers: [[UInt8]: [UInt8]]
    /// The info dictionary as it stood in the input.
    package let infoBytes: [UInt8]
    let surroundings: Surroundings

    /// Reads a .torrent file.
    package init(parsing bytes: [UInt8]) throws(MetainfoError) {
        let value: BencodeValue
        do { value = try BencodeValue(prefixOf: bytes) } catch { throw MetainfoError("", .malformed(error)) }
        let top = try DictionaryReader(value, at: "")
        guard let infoValue = top["info"] else { throw MetainfoError("info", .missing) }
        let info = try InfoDictionary(infoValue)
        try self.init(
            info, bytes: Array(infoValue.raw), layers: try PieceLayers.read(top["piece layers"], info),
            Surroundings(top, info: infoValue, isSingleFile: info.isSingleFile))
    }

    /// Reads a bare info dictionary, as peers hand it out (BEP 9), with what is known from elsewhere.
    package init(
        parsingInfo infoBytes: [UInt8], trackerTiers: [[String]] = [], webSeeds: [String] = []
    ) throws(MetainfoError) {
        let value: BencodeValue
        do { value = try BencodeValue(parsing: infoBytes) } catch { throw MetainfoError("info", .malformed(error)) }
        let info = try InfoDictionary(value)
        try self.init(
            info, bytes: infoBytes, layers: [:],
            Surroundings(trackerTiers: trackerTiers, webSeeds: webSeeds, isSingleFile: info.isSingleFile))
    }

    private init(
        _ info: InfoDictionary, bytes: [UInt8], layers: [[UInt8]: [UInt8]], _ surroundings: Surroundings
    ) throws(MetainfoError) {
        guard let hash = info.hashV1 ?? info.hashV2?.truncated else { throw MetainfoError("info", .missing) }
        self.name = info.name
        self.infoHashV1 = info.hashV1
        self.infoHashV2 = info.hashV2
        self.infoHash = hash
        self.geometry = info.geometry
        self.pieceHashes = info.pieceHashes
        self.files = info.files
        self.isSingleFile = info.isSingleFile
        self.isPrivate = info.isPrivate
        self.source = info.source
        self.pieceLayers = layers
        self.infoBytes = bytes
        self.surroundings = surroundings
    }

    /// Whether it has v1 piece hashes and a v1 info-hash.
    package var isV1: Bool { self.infoHashV1 != nil }
    /// Whether it has v2 merkle roots and a v2 info-hash.
    package var isV2: Bool { self.infoHashV2 != nil }
    /// Whether it is v1 and v2 at once.
    package var isHybrid: Bool { self.isV1 && self.isV2 }

    /// SHA-1 of one piece, which must exist; nil for a torrent that is v2 only.
    package func pieceHash(_ piece: PieceIndex) -> Bytes20? {
        guard self.isV1 else { return nil }
        return Bytes20(self.pieceHashes[piece.offset * 20..<piece.offset * 20 + 20])
    }

    /// Bytes of the files themselves, padding left out.
    package var contentLength: UInt64 { self.files.reduce(0) { $0 + ($1.isPadding ? 0 : $1.length) } }
}
