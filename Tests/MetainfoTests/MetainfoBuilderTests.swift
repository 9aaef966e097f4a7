// SPDX-License-Identifier: Apache-2.0

import Bencode
import Metainfo
import SwarmModel
import Testing

@Suite struct MetainfoBuilderTests {
    @Test(arguments: [MetainfoBuilder.Kind.v1, .hybrid, .v2])
    func `what is made is read back alike`(kind: MetainfoBuilder.Kind) throws {
        let sample = try SampleTorrent(kind: kind) { builder in
            builder.trackerTiers = [["http://a/announce", "http://b/announce"], ["udp://c:1/announce"]]
            builder.webSeeds = ["http://seed/x y"]
            builder.isPrivate = true
            builder.comment = "hello"
            builder.createdBy = "Swarm"
            builder.creationDate = 1_700_000_000
            builder.source = "HERE"
        }
        let metainfo = try Metainfo(parsing: sample.torrent)
        MetainfoInvariants.check(metainfo, "\(kind)")
        #expect(metainfo.isV1 == kind.isV1 && metainfo.isV2 == kind.isV2)
        #expect(metainfo.geometry == sample.builder.geometry)
        #expect(metainfo.files.map(\.path) == sample.builder.entries.map(\.path))
        #expect(metainfo.files.map(\.offset) == sample.builder.entries.map(\.offset))
        #expect(metainfo.files.map(\.attributes) == sample.builder.entries.map(\.attributes))
        #expect(metainfo.files.map(\.symlinkTarget) == sample.builder.entries.map(\.symlinkTarget))
        #expect(metainfo.trackerTiers == sample.builder.trackerTiers)
        #expect(metainfo.webSeeds == ["http://seed/x%20y/"])
        #expect(metainfo.isPrivate && metainfo.comment == "hello" && metainfo.createdBy == "Swarm")
        #expect(metainfo.creationDate == 1_700_000_000 && metainfo.source == "HERE")
        #expect(try BencodeValue(parsing: sample.torrent).isCanonical)
        #expect(metainfo.encoded == sample.torrent)
        #expect(metainfo.hasAllPieceLayers)
    }

    @Test func `files come in the order of the tree`() throws {
        let paths = try SampleTorrent(kind: .v1).builder.entries.map { $0.path.joined(separator: "/") }
        #expect(paths == ["a", "b/big", "b/link", "b.txt", "empty", "z/y/x", "z/é"].map { "sample/" + $0 })
    }

    @Test func `a hybrid begins each file on a piece and pads none at the end`() throws {
        let entries = try SampleTorrent(kind: .hybrid).builder.entries
        for entry in entries where entry.length > 0 && !entry.isPadding {
            #expect(entry.offset.isMultiple(of: 32_768))
        }
        #expect(entries.filter(\.isPadding).map(\.length) == [31_072, 32_761])
        #expect(
            entries.filter(\.isPadding).map(\.path) == [["sample", ".pad", "31072"], ["sample", ".pad", "32761"]])
        #expect(entries.last?.isPadding == false)
        #expect(try SampleTorrent(kind: .v1).builder.entries.allSatisfy { !$0.isPadding })
    }

    @Test func `a v2 torrent is laid out as a hybrid and has nothing of v1`() throws {
        let sample = try SampleTorrent(kind: .v2)
        let hybrid = try SampleTorrent(kind: .hybrid)
        #expect(sample.builder.entries == hybrid.builder.entries)
        let metainfo = try Metainfo(parsing: sample.torrent)
        #expect(metainfo.infoHashV1 == nil && metainfo.infoHash == metainfo.infoHashV2?.truncated)
        let info = try BencodeValue(parsing: metainfo.infoBytes)
        #expect(info["pieces"] == nil && info["files"] == nil && info["length"] == nil)
        #expect(metainfo.pieceLayers == (try Metainfo(parsing: hybrid.torrent)).pieceLayers)
    }

    @Test(arguments: [MetainfoBuilder.Kind.hybrid, .v2])
    func `layers that come later make the file whole again`(kind: MetainfoBuilder.Kind) throws {
        let whole = try Metainfo(parsing: SampleTorrent(kind: kind).torrent)
        let bare = try Metainfo(parsingInfo: whole.infoBytes)
        #expect(!bare.hasAllPieceLayers && bare.pieceLayer == 1)
        #expect(bare.missingLayers.map(\.pieceCount).sorted() == [4])
        #expect(whole.missingLayers.isEmpty)
        let made = try Metainfo(parsing: bare.encoded(with: whole.pieceLayers))
        #expect(made.pieceLayers == whole.pieceLayers && made.infoHash == whole.infoHash)
        let wrong = whole.pieceLayers.mapValues { $0.map { ~$0 } }
        #expect(throws: MetainfoError.self) { try Metainfo(parsing: bare.encoded(with: wrong)) }
    }

    @Test func `every piece of a hybrid verifies by both hashes and a flipped bit by neither`() throws {
        let sample = try SampleTorrent(kind: .hybrid)
        let metainfo = try Metainfo(parsing: sample.torrent)
        for index in 0..<metainfo.geometry.pieceCount {
            let start = index * 32_768
            var piece = Array(sample.payload[start..<min(start + 32_768, sample.payload.count)])
            let check = try #require(metainfo.merkleCheck(PieceIndex(index)))
            #expect(piece.withUnsafeBytes { check.matches($0) })
            #expect(piece.withUnsafeBytes { check.matches(UnsafeRawBufferPointer(rebasing: $0[..<check.length])) })
            piece[check.length - 1] ^= 1
            #expect(!piece.withUnsafeBytes { check.matches($0) })
            #expect(
                !piece.withUnsafeBytes { check.matches(UnsafeRawBufferPointer(rebasing: $0[..<(check.length - 1)])) })
        }
    }

    @Test(arguments: [1, 16_384, 16_385, 65_536, 65_537, 300_000])
    func `a single file of any size is made and read back`(length: UInt64) throws {
        for kind in [MetainfoBuilder.Kind.v1, .hybrid, .v2] {
            let sample = try SampleTorrent(
                kind: kind, name: "one", files: [.init(path: ["one"], length: length, attributes: .executable)],
                isSingleFile: true, pieceLength: 65_536)
            let metainfo = try Metainfo(parsing: sample.torrent)
            MetainfoInvariants.check(metainfo, "\(length)")
            #expect(metainfo.isSingleFile && metainfo.files.map(\.path) == [["one"]])
            #expect(metainfo.files[0].isExecutable)
            #expect(metainfo.encoded == sample.torrent)
        }
    }

    @Test func `a folder of one file keeps its folder`() throws {
        for kind in [MetainfoBuilder.Kind.v1, .hybrid, .v2] {
            let sample = try SampleTorrent(kind: kind, files: [.init(path: ["f"], length: 5)])
            let metainfo = try Metainfo(parsing: sample.torrent)
            #expect(!metainfo.isSingleFile && metainfo.files.map(\.path) == [["sample", "f"]])
        }
    }

    @Test func `names that readers would change are refused`() {
        for path in [
            ["a/b"], [".."], ["."], [""], ["a\u{1}b"], [String(repeating: "x", count: 256)], [],
            ["_____padding_file_0"],
        ] {
            #expect(throws: MetainfoError.self, "\(path)") {
                try SampleTorrent(kind: .v1, files: [.init(path: path, length: 1)])
            }
        }
        #expect(throws: MetainfoError.self) { try SampleTorrent(kind: .v1, name: "..") }
        #expect(throws: MetainfoError.self) {
            try SampleTorrent(
                kind: .v1,
                files: [.init(path: ["a"], length: 1), .init(path: ["l"], length: 0, symlinkTarget: ["..", "x"])])
        }
        #expect(throws: Never.self) {
            try SampleTorrent(
                kind: .hybrid, files: [.init(path: ["a\\x2db: c*"], length: 1), .init(path: ["…", " "], length: 2)])
        }
    }

    @Test func `what cannot be shared is refused with its reason`() {
        #expect(throws: MetainfoError.self) { try SampleTorrent(kind: .v1, files: []) }
        #expect(throws: MetainfoError.self) { try SampleTorrent(kind: .v1, files: [.init(path: ["a"], length: 0)]) }
        let twice: [MetainfoBuilder.File] = [.init(path: ["a"], length: 1), .init(path: ["a"], length: 1)]
        #expect(throws: MetainfoError.self) { try SampleTorrent(kind: .v1, files: twice) }
        let clash: [MetainfoBuilder.File] = [.init(path: ["a"], length: 1), .init(path: ["a", "b"], length: 1)]
        #expect(throws: MetainfoError.self) { try SampleTorrent(kind: .v1, files: clash) }
        #expect(throws: MetainfoError.self) { try SampleTorrent(kind: .v1, pieceLength: 20_000) }
        #expect(throws: MetainfoError.self) {
            let builder = try SampleTorrent(kind: .v1).builder
            _ = try builder.torrent(pieceHashes: [1, 2, 3])
        }
    }

    @Test func `names that differ in composition only are two files`() throws {
        let files: [MetainfoBuilder.File] = [.init(path: ["\u{e9}"], length: 1), .init(path: ["e\u{301}"], length: 2)]
        for kind in [MetainfoBuilder.Kind.v1, .hybrid, .v2] {
            let metainfo = try Metainfo(parsing: SampleTorrent(kind: kind, files: files).torrent)
            #expect(metainfo.files.filter { !$0.isPadding }.map { Array($0.path[1].utf8).count } == [3, 2])
        }
    }

    @Test func `piece lengths are powers of two that give a thousand or two of pieces`() {
        #expect(PieceLengthChoice.pieceLength(totalLength: 0) == 16 << 10)
        #expect(PieceLengthChoice.pieceLength(totalLength: 1 << 20) == 16 << 10)
        #expect(PieceLengthChoice.pieceLength(totalLength: 64 << 20) == 64 << 10)
        #expect(PieceLengthChoice.pieceLength(totalLength: 65 << 20) == 256 << 10)
        #expect(PieceLengthChoice.pieceLength(totalLength: 1 << 30) == 1 << 20)
        #expect(PieceLengthChoice.pieceLength(totalLength: 1 << 40) == 16 << 20)
        for shift in 29..<34 {
            let total = UInt64(3) << UInt64(shift)
            let length = PieceLengthChoice.pieceLength(totalLength: total)
            #expect(length.nonzeroBitCount == 1)
            #expect((1_000...2_000).contains(total / UInt64(length)))
        }
    }
}
