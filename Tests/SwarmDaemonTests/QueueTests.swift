// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmConfig
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct QueueTests {
    private static func limit(_ daemon: DaemonFixture, _ change: (inout QueueSettings) -> Void) async {
        change(&daemon.methods.services.running.current.queue)
        await daemon.directory.balance()
    }

    /// What each of some torrents does, once the queue has been looked at and all have followed.
    private static func states(_ daemon: DaemonFixture, _ torrents: [TorrentSummary]) async throws -> [TorrentState] {
        await daemon.directory.balance()
        var states: [TorrentState] = []
        for torrent in torrents { states.append(try await daemon.summary(torrent.infoHash).state) }
        return states
    }

    private static func albums(_ daemon: DaemonFixture, _ count: Int) async throws -> [TorrentSummary] {
        var torrents: [TorrentSummary] = []
        for number in 1...count { torrents.append(try await daemon.share(try daemon.payload("album\(number)"))) }
        return torrents
    }

    private static func requeue(_ daemon: DaemonFixture, _ torrent: TorrentSummary, _ step: QueueStep) async throws {
        _ = try await daemon.directory.requeue(.init(id: TorrentSelector("\(torrent.infoHash)"), step: step))
    }

    @Test func `torrents over the limit are queued, and follow when one before them is paused`() async throws {
        try await DaemonFixture.run { daemon in
            let torrents = try await Self.albums(daemon, 3)
            await Self.limit(daemon) { $0.seeds = 2 }
            #expect(try await Self.states(daemon, torrents) == [.seeding, .seeding, .queued])
            let waiting = try await daemon.detail(torrents[2])
            #expect(waiting.summary.queuePosition == 1)
            #expect(waiting.reason?.hasPrefix("it is number 1 of 1 in the queue: at most 2 are served") == true)
            _ = try await daemon.directory.pause(TorrentSelector("\(torrents[0].infoHash)"))
            #expect(try await Self.states(daemon, torrents) == [.paused, .seeding, .seeding])
            // Back again: the first in the order has the place.
            _ = try await daemon.directory.resume(TorrentSelector("\(torrents[0].infoHash)"))
            #expect(try await Self.states(daemon, torrents) == [.seeding, .seeding, .queued])
            await Self.limit(daemon) { $0.seeds = 0 }
            #expect(try await Self.states(daemon, torrents) == [.seeding, .seeding, .seeding])
            let last = try await daemon.summary(torrents[2].infoHash)
            #expect(last.queuePosition == nil)
        }
    }

    @Test func `one that is added over the limit waits, and one that is added first does not`() async throws {
        try await DaemonFixture.run { daemon in
            await Self.limit(daemon) { $0.seeds = 1 }
            var torrents = try await Self.albums(daemon, 2)
            #expect(try await Self.states(daemon, torrents) == [.seeding, .queued])
            await Self.limit(daemon) { $0.newTorrents = .first }
            torrents.append(try await daemon.share(try daemon.payload("single")))
            #expect(try await Self.states(daemon, torrents) == [.queued, .queued, .seeding])
        }
    }

    @Test func `downloads have a limit of their own, magnet links among them`() async throws {
        try await DaemonFixture.run { daemon in
            await Self.limit(daemon) { $0.downloads = 1 }
            let first = try await daemon.add(.infoHash(InfoHash(hex: String(repeating: "a", count: 40))!))
            let source = try await daemon.torrent(of: try daemon.payload("album"))
            let second = try await daemon.add(source)
            #expect(try await Self.states(daemon, [first, second]) == [.metadata, .queued])
            try await Self.requeue(daemon, second, .up)
            #expect(try await Self.states(daemon, [first, second]) == [.queued, .downloading])
            // What nobody has given anything for long takes no place.
            await daemon.directory.noteActivity(now: WallClock.elapsed() - 10_000)
            #expect(try await Self.states(daemon, [first, second]) == [.metadata, .downloading])
        }
    }

    @Test func `the order can be changed, and stays over a restart`() async throws {
        try await DaemonFixture.withFolder { folder in
            var torrents: [TorrentSummary] = []
            try await DaemonFixture.wake(in: folder) { daemon in
                torrents = try await Self.albums(daemon, 4)
                await Self.limit(daemon) { $0.seeds = 1 }
                try await Self.requeue(daemon, torrents[3], .top)
                #expect(try await Self.states(daemon, torrents) == [.queued, .queued, .queued, .seeding])
                try await Self.requeue(daemon, torrents[0], .bottom)
                try await Self.requeue(daemon, torrents[3], .down)
                #expect(try await Self.states(daemon, torrents) == [.queued, .seeding, .queued, .queued])
                // At the end already.
                try await Self.requeue(daemon, torrents[1], .top)
                try await Self.requeue(daemon, torrents[0], .down)
                let queue = await daemon.directory.queue
                #expect(queue == [1, 3, 2, 0].map { torrents[$0].infoHash })
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let queue = await daemon.directory.queue
                #expect(queue == [1, 3, 2, 0].map { torrents[$0].infoHash })
                // The list keeps the order in which they were added.
                let list = try await daemon.directory.list(TorrentList.Params()).torrents
                #expect(list.map(\.infoHash) == torrents.map(\.infoHash))
            }
        }
    }

    @Test func `queued torrents stay so over a restart, and none is hashed for it`() async throws {
        try await DaemonFixture.withFolder { folder in
            var torrents: [TorrentSummary] = []
            try await DaemonFixture.wake(in: folder) { torrents = try await Self.albums($0, 2) }
            try await DaemonFixture.open(in: folder) { daemon in
                daemon.methods.services.running.current.queue.seeds = 1
                await daemon.directory.wake()
                let states = try await Self.states(daemon, torrents)
                #expect(states == [.seeding, .queued])
                let last = try await daemon.summary(torrents[1].infoHash)
                #expect(last.progress == 1)
            }
        }
    }

    @Test func `a limit that a reload brings is followed at once`() async throws {
        try await ConfiguredDaemon.run { configured in
            let daemon = configured.daemon
            await configured.keeper.follow { await daemon.directory.balance() }
            let torrents = try await Self.albums(daemon, 2)
            try await configured.reload("[queue]\nseeds = 1\n")
            var states: [TorrentState] = []
            for torrent in torrents { states.append(try await daemon.summary(torrent.infoHash).state) }
            #expect(states == [.seeding, .queued])
        }
    }
}
