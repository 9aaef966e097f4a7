// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import SwarmConfig
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct SeedLimitTests {
    @Test func `a torrent that was seeded for long enough is paused, and left alone once it is resumed`() async throws {
        try await DaemonFixture.withFolder { folder in
            let now = WallClock.now()
            var hash: InfoHash?
            try await DaemonFixture.wake(in: folder) { daemon in
                let torrent = try await daemon.share(try daemon.payload("album"))
                hash = torrent.infoHash
                daemon.methods.services.running.current.queue.seedTime = .seconds(3_600)
                await daemon.directory.endSeeding(now: now + 3_000)
                #expect(try await daemon.summary(torrent.infoHash).state == .seeding)
                await daemon.directory.endSeeding(now: now + 4_000)
                #expect(try await daemon.summary(torrent.infoHash).state == .paused)
                let detail = try await daemon.detail(torrent)
                #expect(detail.seedingEnded == "it has been complete for 1h" && detail.seedTime == 3_600)
                let finding = Standstill(detail, peers: [], now: 0).findings.first
                #expect(finding?.kind == .seedLimit && finding?.message.hasSuffix("complete for 1h") == true)
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let hash = try #require(hash)
                daemon.methods.services.running.current.queue.seedTime = .seconds(3_600)
                let ended = try await daemon.detail(try await daemon.summary(hash))
                #expect(ended.summary.state == .paused && ended.seedingEnded != nil)
                _ = try await daemon.directory.resume(TorrentSelector("\(hash)"))
                #expect(try await daemon.summary(hash).state == .seeding)
                await daemon.directory.endSeeding(now: now + 5_000)
                #expect(try await daemon.summary(hash).state == .seeding)
                let resumed = try await daemon.detail(try await daemon.summary(hash))
                #expect(resumed.seedingEnded == nil)
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let hash = try #require(hash)
                daemon.methods.services.running.current.queue.seedTime = .seconds(3_600)
                await daemon.directory.endSeeding(now: now + 6_000)
                #expect(try await daemon.summary(hash).state == .seeding)
                // Limits of its own hold again.
                let id = TorrentSelector("\(hash)")
                let set = try await daemon.directory.set(.init(id: id, seedRatio: "2.5", seedTime: "5000"))
                #expect(set.seedRatio == 2.5 && set.seedTime == 5_000 && set.seedIdle == nil)
                await daemon.directory.endSeeding(now: now + 4_900)
                #expect(try await daemon.summary(hash).state == .seeding)
                await daemon.directory.endSeeding(now: now + 5_100)
                #expect(try await daemon.summary(hash).state == .paused)
            }
        }
    }

    @Test func `nobody who takes anything ends seeding, and never is an answer`() async throws {
        try await DaemonFixture.run { daemon in
            let torrent = try await daemon.share(try daemon.payload("album"))
            let id = TorrentSelector("\(torrent.infoHash)")
            daemon.methods.services.running.current.queue.seedIdle = .seconds(600)
            await daemon.directory.noteActivity(now: 1_000)
            await daemon.directory.endSeeding(elapsed: 1_500)
            #expect(try await daemon.summary(torrent.infoHash).state == .seeding)
            _ = try await daemon.directory.set(.init(id: id, seedIdle: "0"))
            await daemon.directory.endSeeding(elapsed: 1_700)
            #expect(try await daemon.summary(torrent.infoHash).state == .seeding)
            #expect(try await daemon.detail(torrent).seedIdle == 0)
            _ = try await daemon.directory.set(.init(id: id, seedIdle: ControlProtocol.defaultStrategy))
            await daemon.directory.endSeeding(elapsed: 1_700)
            #expect(try await daemon.summary(torrent.infoHash).state == .paused)
        }
    }

    @Test func `what is no limit is refused, and nothing changes`() async throws {
        try await DaemonFixture.run { daemon in
            let torrent = try await daemon.share(try daemon.payload("album"))
            let id = TorrentSelector("\(torrent.infoHash)")
            for params in [
                TorrentSet.Params(id: id, seedRatio: "-1"), .init(id: id, seedRatio: "nan"),
                .init(id: id, seedRatio: "x"), .init(id: id, seedRatio: "1e9"), .init(id: id, seedTime: "7d"),
                .init(id: id, seedTime: "-5"), .init(id: id, seedIdle: "99999999999"),
            ] {
                let error = await #expect(throws: ControlError.self) { try await daemon.directory.set(params) }
                #expect(error?.code == .invalidParams)
            }
            #expect(try await daemon.detail(torrent).seedRatio == 0)
        }
    }
}
