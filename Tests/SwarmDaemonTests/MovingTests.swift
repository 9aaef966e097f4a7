// SPDX-License-Identifier: Apache-2.0

import ControlWire
import FoundationEssentials
import Glibc
import PieceStore
import StateStore
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct MovingTests {
    /// A folder on another file system than /tmp; nil when this machine has none.
    static let otherDisk: String? = {
        var here = stat()
        var there = stat()
        guard stat("/tmp", &here) == 0, stat("/dev/shm", &there) == 0, here.st_dev != there.st_dev,
            access("/dev/shm", W_OK) == 0
        else { return nil }
        return "/dev/shm"
    }()

    private static func move(_ daemon: DaemonFixture, _ torrent: TorrentSummary, to folder: String) async throws
        -> JobStatus
    {
        try await daemon.end(
            of: try await daemon.methods.move(.init(id: TorrentSelector("\(torrent.infoHash)"), dir: folder)))
    }

    private static func makeFolder(in parent: String) throws -> String {
        var template = Array((parent + "/swarm-move-XXXXXX").utf8CString)
        return try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    @Test func `a running torrent is moved and goes on where it was`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("album")
            let torrent = try await daemon.share(path)
            try DaemonFixture.write([1], to: path + "/mine")
            mkdir(daemon.folder + "/new", 0o755)
            let job = try await Self.move(daemon, torrent, to: daemon.folder + "/new")
            #expect(job.state == .done && job.error == nil && job.infoHash == torrent.infoHash)
            let now = try await daemon.summary(torrent.infoHash)
            #expect(now.state == .seeding && now.progress == 1)
            #expect(try await daemon.detail(now).dir == daemon.folder + "/new")
            #expect(try DaemonFixture.read(daemon.folder + "/new/album/big").count == 100_000)
            #expect(!DaemonFixture.exists(path + "/big") && !DaemonFixture.exists(path + "/small"))
            // What is not of the torrent stays.
            #expect(DaemonFixture.exists(path + "/mine"))
            #expect(try await daemon.methods.services.state.moves().isEmpty)
        }
    }

    @Test(.enabled(if: Self.otherDisk != nil, "no second file system here"))
    func `a move to another disk copies, and then takes away what it copied`() async throws {
        let target = try Self.makeFolder(in: try #require(Self.otherDisk))
        defer { try? FileManager.default.removeItem(atPath: target) }
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("album", bytes: 3_000_000)
            let whole = try DaemonFixture.read(path + "/big")
            let torrent = try await daemon.share(path)
            let job = try await Self.move(daemon, torrent, to: target)
            #expect(job.state == .done && job.done == job.total && job.total == 3_000_005)
            #expect(try DaemonFixture.read(target + "/album/big") == whole)
            #expect(!DaemonFixture.exists(path))
            #expect(try await daemon.summary(torrent.infoHash).state == .seeding)
            let names = try FileManager.default.contentsOfDirectory(atPath: target + "/album")
            #expect(names.sorted() == ["big", "small"])
        }
    }

    @Test func `a move that cannot be is refused, and nothing changes`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("album")
            let torrent = try await daemon.share(path)
            mkdir(daemon.folder + "/new", 0o755)
            mkdir(daemon.folder + "/new/album", 0o755)
            try DaemonFixture.write([7], to: daemon.folder + "/new/album/big")
            for (folder, code) in [
                (daemon.folder + "/new", ControlErrorCode.refused), (daemon.folder + "/data", .refused),
                (daemon.folder + "/none", .storage), ("relative", .invalidParams),
            ] {
                await #expect {
                    _ = try await Self.move(daemon, torrent, to: folder)
                } throws: {
                    ControlError(describing: $0).code == code
                }
            }
            #expect(try DaemonFixture.read(daemon.folder + "/new/album/big") == [7])
            #expect(try await daemon.detail(torrent).dir == daemon.folder + "/data")
            #expect(try await daemon.summary(torrent.infoHash).state == .seeding)
        }
    }

    @Test func `a paused torrent is moved and stays paused`() async throws {
        try await DaemonFixture.run { daemon in
            let torrent = try await daemon.share(try daemon.payload("album"))
            _ = try await daemon.directory.pause(TorrentSelector("\(torrent.infoHash)"))
            mkdir(daemon.folder + "/new", 0o755)
            #expect(try await Self.move(daemon, torrent, to: daemon.folder + "/new").state == .done)
            let now = try await daemon.summary(torrent.infoHash)
            #expect(now.state == .paused && now.progress == 1)
        }
    }

    @Test func `a move that was cut off before anything was recorded is completed at the next start`() async throws {
        try await DaemonFixture.withFolder { folder in
            var hash: InfoHash?
            mkdir(folder + "/new", 0o755)
            try await DaemonFixture.wake(in: folder) { daemon in
                let torrent = try await daemon.share(try daemon.payload("album"))
                hash = torrent.infoHash
                try await daemon.methods.services.state.beginMove(of: torrent.infoHash, to: folder + "/new")
            }
            // One file had arrived when the daemon was killed.
            mkdir(folder + "/new/album", 0o755)
            #expect(rename(folder + "/data/album/big", folder + "/new/album/big") == 0)
            try await DaemonFixture.wake(in: folder) { daemon in
                let now = try await daemon.summary(try #require(hash))
                #expect(now.state == .seeding && now.progress == 1)
                #expect(try await daemon.detail(now).dir == folder + "/new")
                #expect(DaemonFixture.exists(folder + "/new/album/small"))
                #expect(!DaemonFixture.exists(folder + "/data/album"))
                #expect(try await daemon.methods.services.state.moves().isEmpty)
            }
        }
    }

    @Test func `copies that were left in the old folder are taken away at the next start`() async throws {
        try await DaemonFixture.withFolder { folder in
            var hash: InfoHash?
            mkdir(folder + "/old", 0o755)
            mkdir(folder + "/old/album", 0o755)
            try await DaemonFixture.wake(in: folder) { daemon in
                let torrent = try await daemon.share(try daemon.payload("album"))
                hash = torrent.infoHash
                try await daemon.methods.services.state.completeMove(
                    of: torrent.infoHash, to: folder + "/data", disk: nil, from: folder + "/old")
            }
            try DaemonFixture.write([1, 2], to: folder + "/old/album/small")
            try await DaemonFixture.wake(in: folder) { daemon in
                let now = try await daemon.summary(try #require(hash))
                #expect(now.state == .seeding)
                #expect(!DaemonFixture.exists(folder + "/old/album"))
                #expect(DaemonFixture.exists(folder + "/data/album/small"))
            }
        }
    }
}
