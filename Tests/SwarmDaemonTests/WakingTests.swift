// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
import PieceStore
import StateStore
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct WakingTests {
    @Test func `torrents are listed and obey before they are brought up`() async throws {
        try await DaemonFixture.withFolder { folder in
            try await DaemonFixture.wake(in: folder) { daemon in
                for name in ["one", "two", "three"] { _ = try await daemon.share(try daemon.payload(name)) }
            }
            try await DaemonFixture.open(in: folder) { daemon in
                let listed = try await daemon.directory.list(TorrentList.Params()).torrents
                #expect(listed.map(\.name) == ["one", "two", "three"])
                #expect(listed.allSatisfy { $0.state == .queued && $0.progress == 1 })
                #expect(await daemon.methods.status().loading == 3)
                #expect(try await daemon.directory.detail("two").fileCount == 2)
                #expect(try await daemon.directory.pause("one").state == .paused)
                _ = try await daemon.directory.remove("two", deleteData: false)
                _ = try await daemon.directory.resume("three")
                #expect(try await daemon.summary(listed[2].infoHash).state == .seeding)
                await daemon.directory.wake()
                let status = await daemon.methods.status()
                #expect(status.loading == 0 && status.torrents.paused == 1 && status.torrents.seeding == 1)
            }
        }
    }

    @Test func `a state without shapes is read once and listed whole`() async throws {
        try await DaemonFixture.withFolder { folder in
            let state = folder + "/state"
            mkdir(state, 0o700)
            let tests = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
            let old = try DaemonFixture.read(tests + "/Fixtures/state/schema-2.sqlite")
            try DaemonFixture.write(old, to: state + "/state.sqlite")
            try await DaemonFixture.open(in: folder) { daemon in
                #expect(await daemon.methods.status().loading == 3)
                async let waiting: Void = daemon.directory.ready()
                await daemon.directory.wake()
                await waiting
                let listed = try await daemon.directory.list(TorrentList.Params()).torrents
                #expect(listed.map(\.name) == ["letter.txt", "album", "one"])
                #expect(listed.map(\.size) == [20, 70_004, 70_000])
                let roster = try await daemon.methods.services.state.roster()
                #expect(roster.map { $0.record.shape?.fileCount } == [1, 2, 1])
            }
        }
    }

    @Test func `pieces whose files are gone are forgotten before new files take their place`() async throws {
        try await DaemonFixture.withFolder { folder in
            var hash: InfoHash?
            try await DaemonFixture.wake(in: folder) { daemon in
                let path = try daemon.payload("release")
                hash = try await daemon.share(path).infoHash
                unlink(path + "/big")
            }
            let infoHash = try #require(hash)
            try await DaemonFixture.wake(in: folder) { daemon in
                #expect(try await daemon.summary(infoHash).progress < 0.5)
                let recorded = try await daemon.methods.services.state.pieces(of: infoHash, count: 7)
                #expect(recorded?.isEmpty == true)
            }
        }
    }

    @Test func `stopping while torrents are brought up ends with everything recorded`() async throws {
        try await DaemonFixture.withFolder { folder in
            try await DaemonFixture.wake(in: folder) { daemon in
                for number in 0..<20 { _ = try await daemon.share(try daemon.payload("\(number)", bytes: 20_000)) }
            }
            try await DaemonFixture.open(in: folder) { daemon in
                let waking = Task { await daemon.directory.wake() }
                await Task.yield()
                await daemon.directory.sleep()
                await waking.value
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                for torrent in try await daemon.directory.list(TorrentList.Params()).torrents {
                    #expect(try await daemon.summary(torrent.infoHash).state == .seeding)
                }
            }
        }
    }
}
