// SPDX-License-Identifier: Apache-2.0

import Crypto
import Metainfo
import SwarmModel
import TestWorld
import Testing

/// One row of the fixtures' manifest.
struct ManifestRow: Sendable {
    let path: String
    let category: String
    let expect: String
    let v1: String
    let v2: String

    static func all() throws -> [ManifestRow] {
        try Fixtures.lines("MANIFEST.tsv").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return ManifestRow(
                path: columns[0], category: columns[3], expect: columns[4], v1: columns[5], v2: columns[6])
        }
    }
}

@Suite(.enabled(if: Fixtures.arePresent, "the public fixtures are absent"))
struct ManifestTests {
    /// Categories whose rows are torrents, all covered here.
    static let torrents: Set<String> = [
        "bench", "bep38", "bep38-dedupe", "bep47", "magnet-metainfo", "path", "payload", "private", "show", "symlink",
        "v1", "v1-dht", "v1-malformed", "v1-noncanonical", "v1-real", "v1-tracker", "v2", "v2-hybrid", "v2-malformed",
        "webseed",
    ]
    /// Categories that are no torrents: used by tests of this room, or covered by the room named.
    static let others: [String: String] = [
        "utf8": "SafeNameTests", "payload-data": "this suite", "show-expected": "this suite", "gzip": "Deflate",
        "blocklist": "SwarmModel", "wire": "PeerWire",
    ]

    static func read(_ row: ManifestRow) throws -> Metainfo {
        try Metainfo(parsing: Fixtures.bytes(row.path))
    }

    @Test func `no category is unaccounted for`() throws {
        for row in try ManifestRow.all() {
            #expect(Self.torrents.contains(row.category) || Self.others[row.category] != nil, "\(row)")
            if row.path.hasSuffix(".torrent") {
                #expect(Self.torrents.contains(row.category) || row.category == "utf8", "\(row)")
            }
        }
    }

    @Test func `every torrent has its stated outcome`() throws {
        let rows = try ManifestRow.all().filter { $0.path.hasSuffix(".torrent") }
        #expect(rows.count > 80)
        for row in rows {
            let result = Result { try Self.read(row) }
            switch row.expect {
            case "accept", "accept-sanitize", "policy":
                // The one policy among torrents, a repeated path, is decided for taking it and renaming.
                switch result {
                case .success(let metainfo): Self.check(metainfo, row)
                case .failure(let error): Issue.record("\(row.path) is refused: \(error)")
                }
            case "reject":
                let error = #expect(throws: MetainfoError.self, "\(row.path)") { try result.get() }
                #expect(error?.description.isEmpty == false)
            default: Issue.record("an outcome nobody decided: \(row)")
            }
        }
    }

    static func check(_ metainfo: Metainfo, _ row: ManifestRow) {
        #expect(metainfo.infoHashV1?.description ?? "" == row.v1, "\(row.path)")
        #expect(metainfo.infoHashV2?.description ?? "" == row.v2, "\(row.path)")
        #expect(metainfo.isV1 == !row.v1.isEmpty && metainfo.isV2 == !row.v2.isEmpty)
        #expect(metainfo.infoHash.description == String((row.v1.isEmpty ? row.v2 : row.v1).prefix(40)))
        MetainfoInvariants.check(metainfo, row.path)
    }

    @Test func `each stated rejection names its place`() throws {
        func place(_ name: String) throws -> String? {
            let bytes = try Fixtures.bytes("libtorrent/\(name).torrent")
            return #expect(throws: MetainfoError.self) { try Metainfo(parsing: bytes) }?.place
        }
        #expect(try place("invalid_file_size") == "info.files[0].length")
        #expect(try place("invalid_info") == "info")
        #expect(try place("invalid_name") == "info.name")
        #expect(try place("invalid_path_list") == "info.files[0].path[0]")
        #expect(try place("invalid_piece_len") == "info.piece length")
        #expect(try place("invalid_pieces") == "info.pieces")
        #expect(try place("missing_piece_len") == "info.piece length")
        #expect(try place("negative_size") == "info.length")
        #expect(try place("no_files") == "info.files")
        #expect(try place("no_name") == "info.name")
        #expect(try place("string") == "")
        #expect(try place("v2_bad_file_alignment") == "info.files[3]")
        #expect(try place("v2_invalid_file") == "info.file tree/test64K/length")
        #expect(try place("v2_invalid_pad_file") == "info.file tree/test1MB.attr")
        #expect(try place("v2_invalid_root_hash") == "piece layers")
        #expect(try place("v2_missing_file_root_invalid_symlink") == "info.file tree/stress_test0.pieces root")
        #expect(try place("v2_mismatching_metadata") == "info")
        #expect(try place("v2_piece_size") == "info.piece length")
        #expect(try place("zero") == "info")
    }

    @Test func `cleaned paths are those the origins state`() throws {
        func paths(_ name: String) throws -> [String] {
            try Metainfo(parsing: Fixtures.bytes("libtorrent/\(name).torrent")).files.map {
                $0.path.joined(separator: "/")
            }
        }
        #expect(try paths("absolute_filename") == ["temp/abcde", "temp/foobar"])
        #expect(try paths("duplicate_files") == ["temp/foo/bar.txt", "temp/foo/bar.1.txt"])
        #expect(try paths("slash_path") == ["temp/_/_/bar"])
        #expect(try paths("slash_path2") == ["temp/abc....def/_/bar"])
        #expect(try paths("parent_path") == ["temp/_/_/bar"])
        #expect(try paths("backslash_path") == ["temp/\\/\\/bar"])
        #expect(try paths("empty_path") == ["temp/_/_"])
        #expect(try paths("invalid_filename") == ["\\est2/f", "\\est2/_"])
        #expect(try paths("invalid_name2").first == "b61560c2918f463768cd122b6d2fdd47b77bdb35/foo/bar.txt")
        #expect(try paths("v2_invalid_filename") == ["_estMB"])
        #expect(try paths("v2") == ["test64K"])
    }

    @Test func `links stay inside the torrent`() throws {
        let first = try Metainfo(parsing: Fixtures.bytes("libtorrent/symlink1.torrent"))
        #expect(first.files[1].symlinkTarget == ["temp", "a", "b", "bar"])
        #expect(first.files[1].length == 0 && first.geometry.totalLength == 425)
        let second = try Metainfo(parsing: Fixtures.bytes("libtorrent/symlink2.torrent"))
        #expect(second.files[0].symlinkTarget == ["Some.framework", "Versions", "A", "SDL2"])
        #expect(second.files[4].path == ["Some.framework", "Versions", "Current"])
        // Stated from the link's own folder, as its maker did.
        #expect(second.files[4].symlinkTarget == ["Some.framework", "Versions", "A"])
        #expect(second.files[0].isExecutable && !second.files[1].isExecutable)
    }

    @Test func `what stands around the info dictionary is read`() throws {
        func read(_ path: String) throws -> Metainfo { try Metainfo(parsing: Fixtures.bytes(path)) }
        #expect(try read("libtorrent/creation_date.torrent").creationDate == 1_234_567)
        #expect(try read("libtorrent/no_creation_date.torrent").creationDate == nil)
        #expect(
            try read("libtorrent/dht_nodes.torrent").dhtNodes
                == [DHTNode(host: "127.0.0.1", port: 6881), DHTNode(host: "192.168.1.1", port: 6881)])
        #expect(try read("anacrolix/trackerless.torrent").dhtNodes == [])
        #expect(try read("libtorrent/url_seed.torrent").webSeeds == ["http://test.com/file"])
        #expect(try read("libtorrent/url_seed_multi.torrent").webSeeds == ["http://test.com/file/"])
        #expect(
            try read("libtorrent/url_seed_multi_space.torrent").webSeeds == ["http://test.com/test%20file/foo%20bar/"])
        #expect(try read("libtorrent/url_list.torrent").webSeeds == [])
        #expect(try read("libtorrent/url_list2.torrent").webSeeds == [])
        #expect(try read("libtorrent/httpseed.torrent").httpSeeds == ["http://foobar.com/"])
        #expect(try read("libtorrent/empty_httpseed.torrent").httpSeeds == [])
        #expect(try read("libtorrent/whitespace_url.torrent").trackerTiers == [["udp://test.com/announce"]])
        #expect(try read("libtorrent/collection.torrent").collections == ["bar", "foo"])
        #expect(
            try read("libtorrent/similar.torrent").similar
                == [InfoHash(bytes: [UInt8](repeating: 0x61, count: 20))])
        #expect(
            try read("parse-torrent/leaves-empty-announce-list.torrent").trackerTiers
                == [["udp://tracker.publicbt.com:80/announce"]])
        #expect(try read("parse-torrent/bitlove-intro.torrent").trackerTiers == [["http://t.bitlove.org/announce"]])
        #expect(try read("rain/ubuntu-14.04.1-server-amd64.iso.torrent").trackerTiers.count == 2)
        #expect(try read("anacrolix/SKODAOCTAVIA336x280_archive.torrent").webSeeds.count == 3)
        #expect(try read("anacrolix/SKODAOCTAVIA336x280_archive.torrent").trackerTiers.flatMap(\.self).count == 2)
        #expect(try read("rqbit/private.torrent").isPrivate)
        #expect(try !read("libtorrent/base.torrent").isPrivate)
        #expect(try read("libtorrent/pad_file.torrent").files.map(\.isPadding) == [false, true])
        #expect(try read("anacrolix/sintel.torrent").files.count == 11)
    }

    @Test func `payloads verify piece by piece`() throws {
        let payloads: [String: [String]] = [
            "leaves": ["Leaves of Grass by Walt Whitman.epub"], "folder": ["folder/file.txt"],
            "numbers": ["numbers/1.txt", "numbers/2.txt", "numbers/3.txt"],
        ]
        for (name, files) in payloads {
            let metainfo = try Metainfo(parsing: Fixtures.bytes("webtorrent-fixtures/\(name).torrent"))
            #expect(metainfo.files.map { $0.path.joined(separator: "/") } == files)
            let payload = try files.flatMap { try Fixtures.bytes("webtorrent-fixtures/" + $0) }
            #expect(UInt64(payload.count) == metainfo.geometry.totalLength)
            for index in 0..<metainfo.geometry.pieceCount {
                let piece = PieceIndex(index)
                let start = Int(metainfo.geometry.offset(of: piece))
                let bytes = payload[start..<start + Int(metainfo.geometry.length(of: piece))]
                #expect(metainfo.pieceHash(piece) == Bytes20(Array(Insecure.SHA1.hash(data: Array(bytes)))))
            }
        }
    }

    @Test func `the same info dictionary gives the same torrent however it came`() throws {
        let whole = try Metainfo(parsing: Fixtures.bytes("webtorrent-fixtures/leaves.torrent"))
        let bare = try Metainfo(
            parsingInfo: whole.infoBytes, trackerTiers: whole.trackerTiers, webSeeds: [" http://a/b c "])
        #expect(bare.infoHash == whole.infoHash && bare.files == whole.files && bare.geometry == whole.geometry)
        #expect(bare.trackerTiers == whole.trackerTiers)
        #expect(bare.webSeeds == ["http://a/b%20c"])
        #expect(throws: MetainfoError.self) { try Metainfo(parsingInfo: whole.infoBytes + [0]) }
        #expect(try Metainfo(parsing: bare.encoded).infoHash == whole.infoHash)
    }

    @Test func `the layers of the v2 fixtures answer for each piece`() throws {
        for name in ["libtorrent/v2_multiple_files", "anacrolix/bittorrent-v2-test", "libtorrent/v2_hybrid"] {
            let metainfo = try Metainfo(parsing: Fixtures.bytes(name + ".torrent"))
            #expect(metainfo.hasAllPieceLayers)
            for index in 0..<metainfo.geometry.pieceCount {
                #expect(metainfo.merkleCheck(PieceIndex(index)) != nil, "\(name) \(index)")
            }
        }
        #expect(try !Metainfo(parsing: Fixtures.bytes("libtorrent/v2_no_piece_layers.torrent")).hasAllPieceLayers)
    }
}
