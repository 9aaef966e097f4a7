// SPDX-License-Identifier: Apache-2.0

import ControlText
import SwarmModel
import Testing

@Suite struct ArgumentTests {
    @Test(arguments: [
        (["list"], ["list"]), (["--json", "list"], ["list", "--json"]),
        (["--socket", "/s", "--json", "list", "x"], ["list", "--socket", "/s", "--json", "x"]),
        (["--socket=/s", "show", "x"], ["show", "--socket=/s", "x"]), (["--help"], ["--help"]),
        (["--json"], ["--json"]), (["--json", "--help"], ["--json", "--help"]), (["--socket"], ["--socket"]), ([], []),
        (["--bogus", "list"], ["--bogus", "list"]),
        (["--socket", "/s", "tracker", "ban", "::1"], ["tracker", "ban", "--socket", "/s", "::1"]),
        (["--json", "tracker"], ["tracker", "--json"]),
    ])
    func `options that every command knows may stand before it`(given: [String], ordered: [String]) {
        #expect(ArgumentOrder.commandFirst(given) == ordered)
    }

    @Test func `torrents come first, then what to do with them`() throws {
        func divided(_ words: [String], torrentFirst: Bool = true) throws -> TorrentWords {
            try TorrentWords(words, torrentFirst: torrentFirst) { $0.contains("=") }
        }
        let several = try divided(["a", "b", "picker=x", "choker="])
        #expect(several.torrents == ["a", "b"] && several.changes == ["picker=x", "choker="])
        #expect(try divided(["a=b", "picker=x"]).torrents == ["a=b"], "a name may have a = in it")
        #expect(try divided(["picker=x"], torrentFirst: false).torrents.isEmpty)
        #expect(try divided([]).torrents.isEmpty)
        #expect(try divided(["a"]).changes.isEmpty)
        let misplaced = #expect(throws: TorrentWords.Misplaced.self) { try divided(["a", "picker=x", "b", "c"]) }
        #expect(misplaced?.torrent == "b" && misplaced?.change == "picker=x")
    }

    @Test(arguments: [
        ("ftp://x/y.torrent", "http:// or https://"), ("1234", "40 digits, or 64; `swarmctl get 1234` "),
        ("release-42", "`swarmctl get` finds"), ("a/b", "a .torrent file"), ("x.torrent", "a .torrent file"),
        ("", "`swarmctl get` finds"),
    ])
    func `a file that is not there is told with what may have been meant`(path: String, words: String) {
        #expect(SourceArgument.advice(for: path).contains(words))
    }

    @Test func `what is added is told by how it looks`() {
        let hash = "0123456789abcdef0123456789ABCDEF01234567"
        func source(_ text: String, files: Set<String> = []) -> SourceArgument {
            SourceArgument(text, isFile: files.contains)
        }
        #expect(source("-") == .standardInput)
        #expect(source("MAGNET:?xt=x") == .magnet("MAGNET:?xt=x"))
        #expect(source("https://x/y") == .url("https://x/y"))
        #expect(source(hash) == .infoHash(InfoHash(hex: hash)!))
        #expect(source(hash, files: [hash]) == .file(hash))
        let long = String(repeating: "ab", count: 32)
        #expect(source(long) == .magnet("magnet:?xt=urn:btmh:1220\(long)"))
        #expect(source("a.torrent") == .file("a.torrent"))
        #expect(source("0123") == .file("0123"))
    }

    @Test(arguments: [
        ("a", "/w/d/a"), ("./a/../b", "/w/d/b"), ("/x//y/", "/x/y"), ("../..", "/"), ("../../../..", "/"),
        (".", "/w/d"),
    ])
    func `paths become absolute in the user's directory`(path: String, absolute: String) {
        #expect(AbsolutePath.resolve(path, from: "/w/d") == absolute)
    }
}
