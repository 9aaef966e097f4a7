// SPDX-License-Identifier: Apache-2.0

import ControlWire
import FoundationEssentials
import NIOCore
import PieceStore
import SwarmModel
import Testing

@testable import SwarmDaemon

extension TorrentDirectory {
    fileprivate func storage(of infoHash: InfoHash) async throws -> TorrentStorage {
        try await self.storage(of: try #require(self.entries[infoHash]))
    }

    fileprivate func turnsToHash() -> TurnQueue { self.hashings }
}

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

    @Test func `a torrent that waits for its turn to be checked says so`() async throws {
        try await DaemonFixture.run { daemon in
            let shared = try await daemon.share(try daemon.payload("release"))
            let queue = await daemon.directory.turnsToHash()
            var others: [TurnQueue.Turn] = []
            for _ in 0..<queue.limit { others.append(try await queue.take()) }
            let job = try await daemon.methods.verify(SelectorParams(id: "release"))
            while queue.counts.waiting == 0 { await Task.yield() }
            let waiting = try await daemon.detail(shared)
            #expect(waiting.summary.state == .checking)
            #expect(waiting.reason?.contains("waits for its turn to be checked: 8 torrents") == true)
            for turn in others { turn.end() }
            #expect(try await daemon.end(of: job).good == 7)
            #expect(try await daemon.detail(shared).reason == nil)
        }
    }

    @Test func `a large torrent lets others go on between its turns, and all of it is checked`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try daemon.payload("release")
            let shared = try await daemon.share(path)
            try self.damage(path)
            let storage = try await daemon.directory.storage(of: shared.infoHash)
            let turns = TurnQueue(limit: 1)
            let all = Bitfield(count: 7, filled: true)
            let progress = JobProgress()
            // Two pieces a turn.
            let check = PayloadCheck(
                storage: storage, turns: turns, progress: progress, turnLength: 2 * Int(storage.geometry.pieceLength))
            let first = try await turns.take()
            let group = daemon.methods.services.group
            async let outcome = check.run(all, on: group.any())
            while turns.counts.waiting == 0 { await Task.yield() }
            #expect(progress.isWaiting)
            // Comes after it, and has its turn before its second.
            async let next = turns.take()
            while turns.counts.waiting == 1 { await Task.yield() }
            first.end()
            let turn = try await next
            #expect(progress.isWaiting && progress.done == 2 * Int(storage.geometry.pieceLength))
            turn.end()
            let found = try await outcome
            #expect(found.valid.setCount == 6 && !found.wasCancelled && !progress.isWaiting)
            #expect(progress.done == progress.total)
            #expect(turns.counts.going == 0 && turns.counts.waiting == 0)
        }
    }

    @Test func `what was found before a check was called off is kept`() async throws {
        try await DaemonFixture.run { daemon in
            let shared = try await daemon.share(try daemon.payload("release"))
            let storage = try await daemon.directory.storage(of: shared.infoHash)
            let turns = TurnQueue(limit: 1)
            let group = daemon.methods.services.group
            let check = PayloadCheck(storage: storage, turns: turns, progress: JobProgress(), turnLength: 1)
            let first = try await turns.take()
            let task = Task { try await check.run(Bitfield(count: 7, filled: true), on: group.any()) }
            while turns.counts.waiting == 0 { await Task.yield() }
            async let next = turns.take()
            while turns.counts.waiting == 1 { await Task.yield() }
            first.end()
            let turn = try await next
            task.cancel()
            let found = try await task.value
            #expect(found.wasCancelled && found.valid.setCount == 1)
            turn.end()
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
