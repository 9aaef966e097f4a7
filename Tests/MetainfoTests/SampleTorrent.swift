// SPDX-License-Identifier: Apache-2.0

import Crypto
import Metainfo
import SwarmModel

/// A small folder made into a torrent, with its payload at hand.
struct SampleTorrent {
    let builder: MetainfoBuilder
    let payload: [UInt8]
    let torrent: [UInt8]

    static let files: [MetainfoBuilder.File] = [
        .init(path: ["b", "big"], length: 100_000, attributes: .executable),
        .init(path: ["b", "link"], length: 0, symlinkTarget: ["b", "big"]),
        .init(path: ["b.txt"], length: 7, attributes: .hidden),
        .init(path: ["a"], length: 32_768),
        .init(path: ["empty"], length: 0),
        .init(path: ["z", "y", "x"], length: 16_385),
        .init(path: ["z", "é"], length: 0),
    ]

    static func content(_ entry: FileEntry) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(entry.path.joined().utf8.reduce(1) { $0 &* 31 &+ Int($1) }))
        return entry.isPadding
            ? [UInt8](repeating: 0, count: Int(entry.length))
            : (0..<entry.length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    init(
        kind: MetainfoBuilder.Kind, name: String = "sample", files: [MetainfoBuilder.File] = Self.files,
        isSingleFile: Bool = false, pieceLength: UInt32 = 32_768,
        configure: (inout MetainfoBuilder) -> Void = { _ in }
    ) throws {
        var builder = try MetainfoBuilder(
            name: name, pieceLength: pieceLength, files: files, kind: kind, isSingleFile: isSingleFile)
        configure(&builder)
        self.builder = builder
        var payload: [UInt8] = []
        var merkles: [FileMerkle] = []
        for entry in builder.entries {
            let content = Self.content(entry)
            payload += content
            var hasher = FileMerkleHasher(pieceLength: pieceLength)
            hasher.update(content)
            merkles.append(hasher.finish())
        }
        let hashes = stride(from: 0, to: payload.count, by: Int(pieceLength)).flatMap { start in
            Array(Insecure.SHA1.hash(data: payload[start..<min(payload.count, start + Int(pieceLength))]))
        }
        self.payload = payload
        self.torrent = try builder.torrent(pieceHashes: hashes, merkles: merkles)
    }
}
