// SPDX-License-Identifier: Apache-2.0

import Bencode
import Crypto
import SwarmModel

/// What an info dictionary says, checked as a whole.
///
/// Policy: `meta version` 2 makes it a v2 torrent, 1 or nothing a v1 one, anything else is refused; a v2 one that also
/// has `pieces` is a hybrid, and then both file lists must say the same. A v2 info dictionary must be canonical, a v1
/// one need not. A payload without a single byte is refused. `name.utf-8` counts before `name` in v1 torrents.
struct InfoDictionary {
    let name: String
    let hashV1: InfoHash?
    let hashV2: InfoHashV2?
    let geometry: TorrentGeometry
    let pieceHashes: [UInt8]
    let files: [FileEntry]
    let isSingleFile: Bool
    let isPrivate: Bool
    let source: String?

    init(_ value: BencodeValue) throws(MetainfoError) {
        let info = try DictionaryReader(value, at: "info")
        let version = try info.integer("meta version") ?? 1
        guard version == 1 || version == 2 else {
            throw info.unacceptable("meta version", "\(version)", "this program knows 1 and 2")
        }
        let isV2 = version == 2
        guard !isV2 || value.isCanonical else {
            throw MetainfoError(
                "info", .unacceptable(found: "not canonical bencode", wanted: "a v2 torrent must be (BEP 52)"))
        }
        let isV1 = !isV2 || info["pieces"] != nil
        self.hashV1 = isV1 ? InfoHash(bytes: Array(Insecure.SHA1.hash(data: value.raw))) : nil
        self.hashV2 = isV2 ? InfoHashV2(bytes: Array(SHA256.hash(data: value.raw))) : nil
        let rawName = try Self.rawName(info, isV2: isV2)
        let hash = (self.hashV1 ?? self.hashV2?.truncated)?.description ?? "_"
        self.name = SafeName.torrent(rawName) ?? hash
        let pieceLength = try Self.pieceLength(info, isV2: isV2)

        let raw = try RawFiles(info, name: rawName, pieceLength: UInt64(pieceLength), isV1: isV1, isV2: isV2)
        self.isSingleFile = raw.isSingleFile
        self.geometry = try Self.geometry(raw.files, pieceLength: pieceLength)
        self.pieceHashes = isV1 ? try Self.pieceHashes(info, self.geometry) : []
        self.files = try FileLayout.entries(raw.files, folder: raw.isSingleFile ? nil : self.name, name: self.name)
        self.isPrivate = (info["private"]?.integer ?? 0) != 0
        self.source = info["source"]?.bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func rawName(_ info: DictionaryReader, isV2: Bool) throws(MetainfoError) -> ArraySlice<UInt8> {
        if !isV2, let value = info["name.utf-8"], value.string != nil, let bytes = value.bytes { return bytes }
        guard let name = try info.bytes("name") else { throw info.missing("name") }
        return name
    }

    private static func pieceLength(_ info: DictionaryReader, isV2: Bool) throws(MetainfoError) -> UInt32 {
        guard let length = try info.integer("piece length") else { throw info.missing("piece length") }
        guard length > 0 else { throw info.unacceptable("piece length", "\(length)", "a piece has at least one byte") }
        guard length <= MetainfoLimits.pieceLength else {
            throw MetainfoError(
                "info.piece length", .tooMany(found: UInt64(length), limit: UInt64(MetainfoLimits.pieceLength)))
        }
        guard !isV2 || (length >= MerkleTree.leafLength && length.nonzeroBitCount == 1) else {
            throw info.unacceptable("piece length", "\(length)", "a v2 one is a power of two from 16384 (BEP 52)")
        }
        return UInt32(length)
    }

    static func geometry(_ files: [RawFile], pieceLength: UInt32) throws(MetainfoError) -> TorrentGeometry {
        guard let total = FileLayout.total(files) else {
            throw MetainfoError(
                "info", .unacceptable(found: "longer than 2^63-1 bytes in sum", wanted: "no file system holds that"))
        }
        guard total > 0 else {
            throw MetainfoError("info", .unacceptable(found: "without a single byte", wanted: "nothing to share"))
        }
        let count = (total - 1) / UInt64(pieceLength) + 1
        guard count <= UInt64(MetainfoLimits.pieces),
            let geometry = TorrentGeometry(totalLength: total, pieceLength: pieceLength)
        else {
            throw MetainfoError("info.pieces", .tooMany(found: count, limit: UInt64(MetainfoLimits.pieces)))
        }
        return geometry
    }

    private static func pieceHashes(
        _ info: DictionaryReader, _ geometry: TorrentGeometry
    ) throws(MetainfoError) -> [UInt8] {
        guard let pieces = try info.bytes("pieces") else { throw info.missing("pieces") }
        guard pieces.count == geometry.pieceCount * 20 else {
            throw info.unacceptable(
                "pieces", "\(pieces.count) bytes long", "\(geometry.pieceCount) pieces need \(geometry.pieceCount * 20)"
            )
        }
        return Array(pieces)
    }
}
