// SPDX-License-Identifier: Apache-2.0

import ControlWire
import FoundationEssentials
import Glibc
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct SharingTests {
    @Test func `what is shared is seeded where it lies, and never deleted`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            let shared = try await daemon.share(path)
            #expect(shared.name == "release" && shared.state == .seeding && shared.progress == 1)
            let detail = try await daemon.detail(shared)
            #expect(detail.isOriginal && detail.kind == .v1 && detail.completed != nil)
            let error = await #expect(throws: ControlError.self) {
                try await daemon.directory.remove("release", deleteData: true)
            }
            #expect(error?.code == .refused)
            #expect(error?.message.contains(path) == true)
            #expect(try await daemon.summary(shared.infoHash).state == .seeding)
            _ = try await daemon.directory.remove("release", deleteData: false)
            #expect(DaemonFixture.exists(path + "/big") && DaemonFixture.exists(path + "/small"))
            #expect(try await daemon.directory.list(TorrentList.Params()).torrents.isEmpty)
        }
    }

    @Test(arguments: [TorrentKind.v2, .hybrid])
    func `a share with hash trees tells both its hashes`(kind: TorrentKind) async throws {
        try await DaemonFixture.run { daemon in
            let shared = try await daemon.share(try daemon.payload("release"), kind: kind)
            #expect(shared.state == .seeding && shared.progress == 1)
            let detail = try await daemon.detail(shared)
            let v2 = try #require(detail.infoHashV2.flatMap { InfoHashV2(hex: $0) })
            #expect(detail.kind == kind && (v2.truncated == shared.infoHash) == (kind == .v2))
            #expect(detail.magnet.contains("xt=urn:btmh:1220\(v2)"))
            #expect(detail.magnet.contains("xt=urn:btih:") == (kind == .hybrid))
            // By whichever name it comes again, it is here already.
            for magnet in ["magnet:?xt=urn:btmh:1220\(v2)", detail.magnet] {
                let again = await #expect(throws: ControlError.self) {
                    try await daemon.methods.add(TorrentAdd.Params(source: .magnet(magnet)))
                }
                #expect(again?.code == .exists)
            }
        }
    }

    @Test func `what is somebody's own stays so over a restart`() async throws {
        try await DaemonFixture.withFolder { folder in
            try await DaemonFixture.wake(in: folder) { daemon in
                _ = try await daemon.share(try daemon.payload("release"))
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let listed = try await daemon.directory.list(TorrentList.Params())
                let shared = try await daemon.summary(try #require(listed.torrents.first).infoHash)
                #expect(shared.state == .seeding)
                await #expect(throws: ControlError.self) {
                    try await daemon.directory.remove("release", deleteData: true)
                }
                #expect(DaemonFixture.exists(folder + "/data/release/big"))
            }
        }
    }

    @Test func `a symbolic link is shared as what it leads to`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            symlink(path, daemon.folder + "/current")
            let shared = try await daemon.share(daemon.folder + "/current")
            #expect(shared.name == "release" && shared.state == .seeding)
            #expect(try await daemon.detail(shared).dir == daemon.folder + "/data")
        }
    }

    @Test func `sharing again completes and resumes a torrent of the same folder`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            let source = try await daemon.torrent(of: path)
            let whole = try Data(contentsOf: URL(filePath: path + "/big"))
            try FileManager.default.removeItem(atPath: path + "/big")
            let added = try await daemon.add(source, dir: daemon.folder + "/data", paused: true)
            #expect(added.state == .paused && added.progress < 1)
            try whole.write(to: URL(filePath: path + "/big"))
            let shared = try await daemon.share(path)
            #expect(shared.infoHash == added.infoHash && shared.state == .seeding && shared.progress == 1)
        }
    }

    @Test func `a torrent that is here from another folder is not shared over it`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            _ = try await daemon.share(path)
            mkdir(daemon.folder + "/copy", 0o755)
            try FileManager.default.copyItem(atPath: path, toPath: daemon.folder + "/copy/release")
            let error = await #expect(throws: ControlError.self) {
                try await daemon.share(daemon.folder + "/copy/release")
            }
            #expect(error?.code == .exists)
            #expect(error?.message.contains(daemon.folder + "/data") == true)
        }
    }

    @Test func `what cannot be shared is named with the reason`() async throws {
        try await DaemonFixture.run { daemon in
            let missing = await #expect(throws: ControlError.self) { try await daemon.share("/no/such/thing") }
            #expect(missing?.code == .storage)
            #expect(missing?.message.contains("/no/such/thing") == true)
            mkdir(daemon.folder + "/hollow", 0o755)
            let hollow = await #expect(throws: ControlError.self) { try await daemon.share(daemon.folder + "/hollow") }
            #expect(hollow?.code == .refused)
            #expect(hollow?.message.contains("/hollow: there is not a single byte in it") == true)
            let list = try await daemon.directory.list(TorrentList.Params())
            #expect(list.torrents.isEmpty)
        }
    }

    @Test(arguments: [
        TorrentShare.Params(path: "relative"), TorrentShare.Params(path: "/"),
        TorrentShare.Params(path: "/data", trackers: ["nonsense"]), TorrentShare.Params(path: "/data", pieceLength: -1),
        TorrentShare.Params(path: "/data", webSeeds: ["udp://web.example/data"]),
        TorrentShare.Params(path: "/data", webSeeds: ["http:///data"]),
    ])
    func `a request to share that makes no sense is refused at once`(params: TorrentShare.Params) async throws {
        try await DaemonFixture.run { daemon in
            let error = await #expect(throws: ControlError.self) { try await daemon.methods.share(params) }
            #expect(error?.code == .invalidParams)
        }
    }
}
