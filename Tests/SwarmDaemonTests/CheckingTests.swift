// SPDX-License-Identifier: Apache-2.0

import ControlWire
import FoundationEssentials
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct CheckingTests {
    /// Damages the first byte of a shared folder's big file.
    private func damage(_ path: String) throws {
        var bytes = Array(try Data(contentsOf: URL(filePath: path + "/big")))
        bytes[0] ^= 0xFF
        try DaemonFixture.write(bytes, to: path + "/big")
    }

    @Test func `verifying counts what is right and what was damaged`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            let shared = try await daemon.share(path)
            let sound = try await daemon.end(of: try await daemon.methods.verify(SelectorParams(id: "release")))
            #expect(sound.state == .done && sound.good == 7 && sound.lost == 0)
            try self.damage(path)
            let damaged = try await daemon.end(of: try await daemon.methods.verify(SelectorParams(id: "release")))
            #expect(damaged.state == .done && damaged.good == 6 && damaged.lost == 1)
            let after = try await daemon.summary(shared.infoHash)
            #expect(after.state == .downloading && after.progress < 1)
            #expect(try await daemon.detail(after).completed == nil)
        }
    }

    @Test func `a verification that is called off changes nothing`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            let shared = try await daemon.share(path)
            try self.damage(path)
            let progress = JobProgress()
            progress.cancel()
            await #expect(throws: CancellationError.self) {
                try await daemon.directory.verify(shared.infoHash, progress: progress)
            }
            let after = try await daemon.summary(shared.infoHash)
            #expect(after.state == .seeding && after.progress == 1)
        }
    }

    @Test func `a paused torrent is verified and stays paused`() async throws {
        try await DaemonFixture.run { daemon in
            let shared = try await daemon.share(try daemon.payload("release"))
            #expect(try await daemon.directory.pause("release").state == .paused)
            let job = try await daemon.end(of: try await daemon.methods.verify(SelectorParams(id: "release")))
            #expect(job.good == 7)
            #expect(try await daemon.summary(shared.infoHash).state == .paused)
            #expect(try await daemon.directory.resume("release").state == .checking)
            #expect(try await daemon.summary(shared.infoHash).state == .seeding)
        }
    }

    @Test func `a torrent that is paused or unknown cannot be announced, nor one without trackers`() async throws {
        try await DaemonFixture.run { daemon in
            _ = try await daemon.share(try daemon.payload("release"))
            let lonely = await #expect(throws: ControlError.self) { try await daemon.directory.announce("release") }
            #expect(lonely?.message.contains("no tracker") == true)
            _ = try await daemon.directory.pause("release")
            let paused = await #expect(throws: ControlError.self) { try await daemon.directory.announce("release") }
            #expect(paused?.message.contains("resume") == true)
            let unknown = await #expect(throws: ControlError.self) { try await daemon.directory.announce("nothing") }
            #expect(unknown?.code == .notFound)
        }
    }

    @Test func `a paused torrent still tells its trackers`() async throws {
        try await DaemonFixture.run { daemon in
            let source = try await daemon.torrent(of: try daemon.payload("release"))
            _ = try await daemon.methods.add(
                TorrentAdd.Params(source: source, paused: true, trackers: ["http://127.0.0.1:1/announce"]))
            let trackers = try await daemon.directory.trackers("release").trackers
            #expect(trackers.map(\.url) == ["http://127.0.0.1:1/announce"] && trackers.map(\.state) == [.idle])
        }
    }
}
