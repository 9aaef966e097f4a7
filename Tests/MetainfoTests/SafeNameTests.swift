// SPDX-License-Identifier: Apache-2.0

import Bencode
import Metainfo
import SwarmModel
import TestWorld
import Testing

@Suite struct SafeNameTests {
    /// The paths a torrent with these files comes to.
    private func paths(_ files: [[BencodeTree]], name: BencodeTree = "t") throws -> [String] {
        let list = files.map { BencodeTree.dictionary(["length": 1, "path": .list($0)]) }
        let info: BencodeTree = [
            "files": .list(list), "name": name, "piece length": 16_384,
            "pieces": .bytes([UInt8](repeating: 1, count: 20)),
        ]
        let metainfo = try Metainfo(parsing: BencodeTree.dictionary(["info": info]).encoded)
        MetainfoInvariants.check(metainfo, "\(files)")
        return metainfo.files.map { $0.path.dropFirst().joined(separator: "/") }
    }

    @Test func `no path leads out of its folder`() throws {
        #expect(
            try self.paths([["..", "..", "etc", "passwd"], ["/etc/passwd"], ["a", ".", "b"], ["a", "..", "c"]])
                == ["_/_/etc/passwd", "etcpasswd", "a/b", "a/_/c"])
        #expect(try self.paths([["./.", "x"], ["./", "y"], ["/"], ["."]]) == ["_/x", "y", "_.1", "_.2"])
    }

    @Test func `control characters and broken text become underscores`() throws {
        #expect(
            try self.paths([["a\0b"], ["c\nd\u{7f}"], [.bytes([0x65, 0xff, 0x66])], ["\u{85}g"]])
                == ["a_b", "c_d_", "e_f", "_g"])
        #expect(try self.paths([["\u{fffd}"], ["x"]]) == ["\u{fffd}", "x"])
    }

    @Test func `long names are cut between characters and keep their extension`() throws {
        let long = String(repeating: "ä", count: 200)
        let cut = try self.paths([[.string(long + ".tar.gz")], [.string(long)], [.string(long + ".tar.gz")]])
        #expect(cut[0] == String(repeating: "ä", count: 126) + ".gz")
        #expect(cut[1] == String(repeating: "ä", count: 127))
        #expect(cut[2] == String(repeating: "ä", count: 125) + ".1.gz")
    }

    @Test func `entries never share a path nor use each other as folders`() throws {
        #expect(try self.paths([["a"], ["a"], ["a"]]) == ["a", "a.1", "a.2"])
        #expect(try self.paths([["a.txt"], ["a.1.txt"], ["a.txt"]]) == ["a.txt", "a.1.txt", "a.2.txt"])
        #expect(try self.paths([["a"], ["a", "b"], ["a", "c"]]) == ["a", "a.1/b", "a.1/c"])
        #expect(try self.paths([["a", "b"], ["a"]]) == ["a/b", "a.1"])
        #expect(try self.paths([["a/"], ["a"], ["A"]]) == ["a", "a.1", "A"])
        #expect(try self.paths([[".hidden"], [".hidden"]]) == [".hidden", ".hidden.1"])
    }

    @Test func `thousands of equal paths are told apart quickly`() throws {
        let names = try self.paths(Array(repeating: ["same.bin"], count: 5_000))
        #expect(Set(names).count == 5_000 && names[4_999] == "same.4999.bin")
    }

    @Test func `a name of which nothing is left becomes the info-hash`() throws {
        for name: BencodeTree in ["", ".", "..", "/", "../", "//"] {
            let info: BencodeTree = [
                "length": 1, "name": name, "piece length": 16_384, "pieces": .bytes([UInt8](repeating: 1, count: 20)),
            ]
            let metainfo = try Metainfo(parsingInfo: info.encoded)
            #expect(metainfo.name == metainfo.infoHash.description)
            #expect(metainfo.files[0].path == [metainfo.name])
        }
    }

    @Test func `a path beyond what the system takes is refused`() {
        let deep = [BencodeTree](repeating: .string(String(repeating: "x", count: 200)), count: 20)
        #expect(throws: MetainfoError.self) { try self.paths([deep]) }
        #expect(throws: MetainfoError.self) { try self.paths([[BencodeTree](repeating: "x", count: 129)]) }
    }

    @Test func `well-formed utf-8 keys count before the plain ones`() throws {
        let info: BencodeTree = [
            "files": [["length": 1, "path": [.bytes([0xff])], "path.utf-8": ["good"]]], "name": .bytes([0xfe]),
            "name.utf-8": "fine", "piece length": 16_384, "pieces": .bytes([UInt8](repeating: 1, count: 20)),
        ]
        #expect(try Metainfo(parsingInfo: info.encoded).files[0].path == ["fine", "good"])
    }

    @Test(.enabled(if: Fixtures.arePresent, "the public fixtures are absent"))
    func `every line of the UTF-8 torture text comes to a safe name`() throws {
        let lines = try Fixtures.bytes("libtorrent/utf8_test.txt").split(separator: UInt8(ascii: "\n"))
        #expect(lines.count > 100)
        _ = try self.paths(lines.map { [.bytes(Array($0))] })
    }
}
