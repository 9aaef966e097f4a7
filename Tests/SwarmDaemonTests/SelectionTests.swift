// SPDX-License-Identifier: Apache-2.0

import ControlWire
import FoundationEssentials
import Glibc
import Metainfo
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct SelectionTests {
    static let entries = ["album/a.flac", "album/art/front.jpg", "album/art/back.jpg", "album/7"].enumerated().map {
        FileEntry(path: $1.split(separator: "/").map(String.init), length: 10, offset: UInt64($0) * 10)
    }

    private static func levels(_ choices: [(String, String)]) throws -> [FilePriority] {
        var priorities = FilePriorities(count: Self.entries.count)
        try FileChoices(choices.map { FileChoice(file: $0, level: $1) }).apply(to: &priorities, Self.entries)
        return priorities.levels
    }

    @Test func `files are named by path, folder, number or pattern, and the later choice counts`() throws {
        #expect(try Self.levels([("*", "skip"), ("album/a.flac", "high")]) == [.high, .skip, .skip, .skip])
        #expect(try Self.levels([("a.flac", "low")]) == [.low, .normal, .normal, .normal])
        #expect(try Self.levels([("art", "skip"), ("art/back.jpg", "normal")]) == [.normal, .skip, .normal, .normal])
        #expect(try Self.levels([("album/art/", "low")]) == [.normal, .low, .low, .normal])
        #expect(try Self.levels([("2", "high")]) == [.normal, .normal, .high, .normal])
        #expect(try Self.levels([("7", "high")]) == [.normal, .normal, .normal, .high])
        #expect(try Self.levels([("*.jpg", "skip")]) == [.normal, .skip, .skip, .normal])
    }

    @Test func `what means no file, or is no level, is refused`() {
        for choice in [("b.flac", "skip"), ("9", "skip"), ("ar", "skip"), ("a.flac", "never"), ("", "skip")] {
            #expect(throws: ControlError.self) { try Self.levels([choice]) }
        }
    }

    @Test func `choices survive until the files are known`() throws {
        let text = try FileChoices([FileChoice(file: "a b=c", level: "skip")]).stored(behind: "high x")
        #expect(text == "high x\nskip a b=c")
        var priorities = FilePriorities(count: Self.entries.count)
        try FileChoices(stored: "skip *\nhigh 1\nbad\nnever 2\nlow no such").apply(
            to: &priorities, Self.entries, lenient: true)
        #expect(priorities.levels == [.skip, .high, .skip, .skip])
    }

    @Test func `a link's selection wants the files it names and no other`() throws {
        let bytes = try Self.metainfo
        let link = try MagnetLink(parsing: "magnet:?xt=urn:btih:\(bytes.infoHash)&so=1,7-9")
        #expect(try TorrentDirectory.priorities(link, nil, of: bytes)?.levels == [.skip, .normal, .skip])
        #expect(try TorrentDirectory.priorities(link, "high 0", of: bytes)?.levels == [.high, .normal, .skip])
        #expect(try TorrentDirectory.priorities(nil, nil, of: bytes) == nil)
    }

    private static var metainfo: Metainfo {
        get throws {
            let files = ["a", "b", "c"].map { "d6:lengthi5e4:pathl1:\($0)ee" }.joined()
            let info =
                "d5:filesl\(files)e4:name1:n12:piece lengthi16384e6:pieces20:\(String(repeating: "x", count: 20))e"
            return try Metainfo(parsingInfo: Array(info.utf8))
        }
    }

    @Test func `what is skipped is not made beyond its neighbours, does not count, and can be wanted later`()
        async throws
    {
        try await DaemonFixture.withFolder { folder in
            for side in ["/one", "/two"] {
                mkdir(folder + side, 0o755)
                for name in ["down", "data"] { mkdir(folder + side + "/" + name, 0o755) }
            }
            try await DaemonFixture.wake(in: folder + "/one") { seed in
                let path = try seed.payload("release")
                // Sorted after the others: "small" ends in the piece that "tail" begins in.
                try DaemonFixture.write(Array(repeating: 7, count: 90_000), to: path + "/tail")
                try DaemonFixture.write([], to: path + "/zero")
                let source = try await seed.torrent(of: path)
                let shared = try await seed.add(source, dir: folder + "/one/data")
                let port = try await seed.listen()
                try await Self.fetch(source, shared.infoHash, from: port, in: folder + "/two")
                await seed.stopListening()
            }
        }
    }

    private static func fetch(
        _ source: TorrentSource, _ hash: InfoHash, from port: PeerEndpoint, in folder: String
    ) async throws {
        let release = folder + "/down/release"
        try await DaemonFixture.wake(in: folder) { daemon in
            let choices = [FileChoice(file: "tail", level: "skip"), FileChoice(file: "zero", level: "skip")]
            _ = try await daemon.methods.add(TorrentAdd.Params(source: source, files: choices))
            let added = try await daemon.summary(hash)
            #expect(added.size < 190_000 && added.progress == 0)
            await daemon.directory.introduce(port, to: hash)
            while try await daemon.summary(hash).state != .seeding { await Task.yield() }
            #expect(try await daemon.summary(hash).progress == 1)
            #expect(try DaemonFixture.read(release + "/small") == Array("hello".utf8))
            #expect(try DaemonFixture.read(release + "/tail").count < 90_000)
            #expect(!DaemonFixture.exists(release + "/zero"))
            let files = try await daemon.directory.files("release").files
            #expect(files.map(\.level) == ["normal", "normal", "skip", "skip"])
        }
        try await DaemonFixture.wake(in: folder) { daemon in
            let kept = try await daemon.summary(hash)
            #expect(kept.state == .seeding && kept.progress == 1 && kept.size < 190_000)
            let params = TorrentPriority.Params(id: "release", files: [FileChoice(file: "*", level: "high")])
            let files = try await daemon.directory.prioritise(params).files
            #expect(files.allSatisfy { $0.level == "high" })
            #expect(DaemonFixture.exists(release + "/zero"))
            await daemon.directory.introduce(port, to: hash)
            while try await daemon.summary(hash).size < 190_000 { await Task.yield() }
            while try await daemon.summary(hash).state != .seeding { await Task.yield() }
            #expect(try DaemonFixture.read(release + "/tail") == Array(repeating: 7, count: 90_000))
        }
    }
}
