// SPDX-License-Identifier: Apache-2.0

import ControlWire
import FoundationEssentials
import Glibc
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

    @Test func `a magnet link that nobody knows names every tracker that was asked`() async throws {
        try await DaemonFixture.run(trackers: ["http://127.0.0.1:1/announce"]) { daemon in
            let hash = "0123456789abcdef0123456789abcdef01234567"
            let link = "magnet:?xt=urn:btih:\(hash)&tr=http%3A%2F%2F127.0.0.1%3A2%2Fannounce"
            let error = await #expect(throws: ControlError.self) { try await daemon.add(.magnet(link)) }
            #expect(error?.code == .notFound)
            for part in [hash, "http://127.0.0.1:1/announce: ", "http://127.0.0.1:2/announce: "] {
                #expect(error?.message.contains(part) == true)
            }
            let malformed = await #expect(throws: ControlError.self) { try await daemon.add(.magnet("magnet:?dn=x")) }
            #expect(malformed?.code == .malformedTorrent)
        }
    }

    @Test func `an info-hash without any tracker to ask is refused with what to do`() async throws {
        try await DaemonFixture.run { daemon in
            let hash = InfoHash(hex: "0123456789abcdef0123456789abcdef01234567")!
            let error = await #expect(throws: ControlError.self) { try await daemon.add(.infoHash(hash)) }
            #expect(error?.code == .refused)
            #expect(error?.message.contains("[discovery]") == true)
        }
    }
}
