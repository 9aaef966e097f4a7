// SPDX-License-Identifier: Apache-2.0

import Bencode
import Metainfo
import SwarmModel
import Testing

@Suite struct MetainfoRejectionTests {
    private static func pieces(_ count: Int) -> BencodeTree { .bytes([UInt8](repeating: 1, count: count * 20)) }

    private func error(_ info: [BencodeKey: BencodeTree]) -> MetainfoError? {
        #expect(throws: MetainfoError.self) {
            try Metainfo(parsing: BencodeTree.dictionary(["info": .dictionary(info)]).encoded)
        }
    }

    private let base: [BencodeKey: BencodeTree] = [
        "length": 20_000, "name": "n", "piece length": 16_384, "pieces": Self.pieces(2),
    ]

    @Test func `the base of these tests is accepted`() throws {
        let metainfo = try Metainfo(parsingInfo: BencodeTree.dictionary(self.base).encoded)
        #expect(metainfo.geometry.pieceCount == 2)
        #expect(metainfo.pieceHash(PieceIndex(1)) == Bytes20([UInt8](repeating: 1, count: 20)))
    }

    @Test func `a wrong number of piece hashes is refused`() {
        for pieces in [Self.pieces(1), Self.pieces(3), .bytes([UInt8](repeating: 1, count: 39)), "", [:]] {
            let error = self.error(self.base.merging(["pieces": pieces]) { $1 })
            #expect(error?.place == "info.pieces")
        }
        #expect(self.error(self.base.filter { $0.key != "pieces" })?.problem == .missing)
    }

    @Test func `lengths that overflow in sum are refused`() {
        let huge: BencodeTree = ["length": .integer(.max), "path": ["a"]]
        var info = self.base.filter { $0.key != "length" }
        info["files"] = [huge, huge, huge]
        #expect(self.error(info)?.description.contains("2^63") == true)
        info["files"] = [huge]
        #expect(self.error(info)?.description.contains("more than") == true)
    }

    @Test func `piece lengths out of range are refused`() {
        for length: Int64 in [0, -1, .min, .max, 1 << 40, 268_435_457] {
            #expect(
                self.error(self.base.merging(["piece length": .integer(length)]) { $1 })?.place == "info.piece length")
        }
    }

    @Test func `an unknown meta version is refused`() {
        for version: BencodeTree in [3, 0, -1, "2"] {
            #expect(self.error(self.base.merging(["meta version": version]) { $1 })?.place == "info.meta version")
        }
    }

    @Test func `a v2 info dictionary must be canonical`() throws {
        let sample = try SampleTorrent(kind: .hybrid)
        let info = try Metainfo(parsing: sample.torrent).infoBytes
        #expect(throws: Never.self) { try Metainfo(parsingInfo: info) }
        let repeated = Array(info.dropLast()) + Array("4:name1:xe".utf8)
        let error = #expect(throws: MetainfoError.self) { try Metainfo(parsingInfo: repeated) }
        #expect(error?.description.contains("canonical") == true)
    }

    @Test func `links without a target are refused and those out of the torrent stay in`() throws {
        func link(_ target: BencodeTree?) -> [BencodeKey: BencodeTree] {
            var entry: [BencodeKey: BencodeTree] = ["attr": "l", "length": 5, "path": ["l"]]
            if let target { entry["symlink path"] = target }
            var info = self.base.filter { $0.key != "length" }
            info["files"] = [["length": 20_000, "path": ["a"]], .dictionary(entry)]
            return info
        }
        #expect(self.error(link(nil))?.place == "info.files[1].symlink path")
        #expect(self.error(link([]))?.place == "info.files[1].symlink path")
        #expect(self.error(link("a"))?.place == "info.files[1].symlink path")
        let metainfo = try Metainfo(parsingInfo: BencodeTree.dictionary(link(["..", "..", "/etc/shadow"])).encoded)
        #expect(metainfo.files[1].symlinkTarget == ["n", "_", "_", "etcshadow"])
    }

    @Test func `a path through a link is moved aside`() throws {
        var info = self.base.filter { $0.key != "length" }
        info["files"] = [
            ["attr": "l", "length": 0, "path": ["d"], "symlink path": ["e"]], ["length": 20_000, "path": ["d", "x"]],
        ]
        let metainfo = try Metainfo(parsingInfo: BencodeTree.dictionary(info).encoded)
        #expect(metainfo.files.map(\.path) == [["n", "d"], ["n", "d.1", "x"]])
    }

    @Test func `one root for two lengths is refused`() throws {
        let root = BencodeTree.bytes([UInt8](repeating: 7, count: 32))
        let info: BencodeTree = [
            "file tree": [
                "a": ["": ["length": 20_000, "pieces root": root]], "b": ["": ["length": 90_000, "pieces root": root]],
            ], "meta version": 2, "name": "n", "piece length": 16_384,
        ]
        let bare = try Metainfo(parsingInfo: info.encoded)
        #expect(bare.isV2 && !bare.isV1 && bare.pieceHash(PieceIndex(0)) == nil)
        #expect(bare.files.map(\.isPadding) == [false, true, false])
        #expect(throws: MetainfoError.self) {
            try Metainfo(parsing: BencodeTree.dictionary(["info": info, "piece layers": [:]]).encoded)
        }
    }

    @Test func `bytes after a torrent are ignored`() throws {
        let bytes = BencodeTree.dictionary(["info": .dictionary(self.base)]).encoded
        #expect(try Metainfo(parsing: bytes + Array("\n".utf8)) == Metainfo(parsing: bytes))
    }

    @Test func `errors read as sentences`() {
        #expect(
            self.error(self.base.merging(["name": 5]) { $1 })?.description
                == "\"info.name\" is the integer 5 where a string must stand")
        let cut = #expect(throws: MetainfoError.self) { try Metainfo(parsing: Array("d4:info".utf8)) }
        #expect(cut?.description == "the torrent is not bencode: the input ends inside a value at byte 7")
    }
}
