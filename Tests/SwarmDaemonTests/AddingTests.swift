// SPDX-License-Identifier: Apache-2.0

import ControlWire
import FoundationEssentials
import Glibc
import Metainfo
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct AddingTests {
    @Test func `a folder that cannot be used is refused at once, and nothing is added`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            let source = try await daemon.torrent(of: path)
            for (dir, word) in [
                ("/no/such/folder", "mount"), (path + "/big", "Not a directory"), ("relative", "absolute"),
            ] {
                let error = await #expect(throws: ControlError.self) { try await daemon.add(source, dir: dir) }
                #expect(error?.message.contains(dir) == true && error?.message.contains(word) == true)
            }
            #expect(try await daemon.directory.list(TorrentList.Params()).torrents.isEmpty)
        }
    }

    @Test func `a file in the way of the torrent's folder is refused at once`() async throws {
        try await DaemonFixture.run { daemon in
            let source = try await daemon.torrent(of: try daemon.payload("release"))
            try DaemonFixture.write([1], to: daemon.folder + "/down/release")
            let error = await #expect(throws: ControlError.self) { try await daemon.add(source) }
            #expect(error?.code == .storage)
            #expect(error?.message.contains(daemon.folder + "/down/release is a file") == true)
        }
    }

    @Test func `a folder in the way of a file suspends the torrent with the reason, until it is gone`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            try DaemonFixture.write([], to: path + "/empty")
            let source = try await daemon.torrent(of: path)
            let place = daemon.folder + "/down/release/empty"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let added = try await daemon.add(source)
            #expect(added.state == .suspended)
            #expect(added.error?.contains(place) == true)
            rmdir(place)
            _ = try await daemon.directory.resume("release")
            let resumed = try await daemon.summary(added.infoHash)
            #expect(resumed.state == .downloading && resumed.error == nil)
        }
    }

    @Test func `a torrent that is here already is named with its folder`() async throws {
        try await DaemonFixture.run { daemon in
            let source = try await daemon.torrent(of: try daemon.payload("release"))
            _ = try await daemon.add(source)
            let error = await #expect(throws: ControlError.self) { try await daemon.add(source, dir: "/tmp") }
            #expect(error?.code == .exists)
            #expect(error?.message.contains(daemon.folder + "/down") == true)
        }
    }

    @Test func `data that was there before, outside the download folder, is never deleted`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            let source = try await daemon.torrent(of: path)
            let added = try await daemon.add(source, dir: daemon.folder + "/data")
            #expect(added.state == .seeding && added.downloaded == 0)
            let error = await #expect(throws: ControlError.self) {
                try await daemon.directory.remove("release", deleteData: true)
            }
            #expect(error?.code == .refused)
            #expect(DaemonFixture.exists(path + "/big"))
        }
    }

    @Test func `data in the download folder is deleted, but not what the torrent does not name`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            let source = try await daemon.torrent(of: path)
            rename(path, daemon.folder + "/down/release")
            try DaemonFixture.write([1], to: daemon.folder + "/down/release/mine")
            let added = try await daemon.add(source)
            #expect(added.state == .seeding)
            let removed = try await daemon.directory.remove("release", deleteData: true)
            #expect(removed.infoHash == added.infoHash)
            #expect(!DaemonFixture.exists(daemon.folder + "/down/release/big"))
            #expect(DaemonFixture.exists(daemon.folder + "/down/release/mine"))
        }
    }

    @Test func `data whose folder is gone is not deleted, and the torrent stays as it is`() async throws {
        try await DaemonFixture.run { daemon in
            let source = try await daemon.torrent(of: try daemon.payload("release"))
            let added = try await daemon.add(source)
            rename(daemon.folder + "/down", daemon.folder + "/away")
            await #expect(throws: ControlError.self) {
                try await daemon.directory.remove("release", deleteData: true)
            }
            #expect(try await daemon.summary(added.infoHash).state == .downloading)
            rename(daemon.folder + "/away", daemon.folder + "/down")
        }
    }

    @Test func `a magnet link waits for its metadata, over restarts too, and can be removed`() async throws {
        try await DaemonFixture.withFolder { folder in
            let hash = "0123456789abcdef0123456789abcdef01234567"
            let link =
                "magnet:?xt=urn:btih:\(hash)&dn=a%2Fname&tr=http%3A%2F%2F127.0.0.1%3A2%2Fannounce&x.pe=127.0.0.1:9"
            try await DaemonFixture.wake(in: folder) { daemon in
                let added = try await daemon.add(.magnet(link))
                #expect(added.state == .metadata && added.name == "aname" && added.size == 0)
                let malformed = await #expect(throws: ControlError.self) {
                    try await daemon.add(.magnet("magnet:?dn=x"))
                }
                #expect(malformed?.code == .malformedTorrent)
                let again = await #expect(throws: ControlError.self) { try await daemon.add(.magnet(hash)) }
                #expect(again?.code == .exists)
                #expect(try await daemon.directory.files("aname").files.isEmpty)
                let early = await #expect(throws: ControlError.self) {
                    try await daemon.directory.metainfoFile("aname")
                }
                #expect(early?.code == .refused)
                let detail = try await daemon.detail(added)
                #expect(detail.reason?.contains("peers must give it") == true)
                #expect(detail.trackers.map(\.url) == ["http://127.0.0.1:2/announce"])
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let kept = try await daemon.summary(InfoHash(hex: hash)!)
                #expect(kept.state == .metadata && kept.name == "aname")
                _ = try await daemon.directory.pause("aname")
                #expect(try await daemon.summary(kept.infoHash).state == .paused)
                _ = try await daemon.directory.resume("aname")
                #expect(try await daemon.summary(kept.infoHash).state == .metadata)
                _ = try await daemon.directory.remove("aname", deleteData: true)
                #expect(try await daemon.directory.list(TorrentList.Params()).torrents.isEmpty)
            }
        }
    }

    @Test func `a link gets its metadata from another daemon, and is an ordinary torrent after a restart`() async throws
    {
        try await DaemonFixture.withFolder { folder in
            mkdir(folder + "/one", 0o755)
            mkdir(folder + "/two", 0o755)
            for name in ["down", "data"] {
                mkdir(folder + "/one/" + name, 0o755)
                mkdir(folder + "/two/" + name, 0o755)
            }
            var hash = InfoHash(hex: String(repeating: "0", count: 40))!
            try await DaemonFixture.wake(in: folder + "/one") { seed in
                let shared = try await seed.add(
                    try await seed.torrent(of: try seed.payload("release")), dir: folder + "/one/data")
                #expect(shared.state == .seeding)
                hash = shared.infoHash
                let port = try await seed.listen()
                try await DaemonFixture.wake(in: folder + "/two") { daemon in
                    let link = "magnet:?xt=urn:btih:\(hash)&x.pe=\(port)"
                    let added = try await daemon.add(.magnet(link))
                    #expect(added.infoHash == hash)
                    while try await daemon.summary(hash).state != .seeding {
                        await Task.yield()
                    }
                    #expect(try DaemonFixture.read(folder + "/two/down/release/small") == Array("hello".utf8))
                }
                await seed.stopListening()
            }
            try await DaemonFixture.wake(in: folder + "/two") { daemon in
                let kept = try await daemon.summary(hash)
                #expect(kept.state == .seeding && kept.name == "release" && kept.size > 100_000)
            }
        }
    }

    @Test func `the .torrent file of a waiting link makes it an ordinary torrent`() async throws {
        try await DaemonFixture.run { daemon in
            let source = try await daemon.torrent(of: try daemon.payload("release"))
            guard case .metainfo(let bytes) = source else { return }
            let hash = try Metainfo(parsing: bytes.bytes).infoHash
            let waiting = try await daemon.add(.infoHash(hash))
            #expect(waiting.state == .metadata && waiting.name == "\(hash)")
            let added = try await daemon.add(source)
            #expect(added.infoHash == hash && added.name == "release" && added.state == .downloading)
        }
    }
}
