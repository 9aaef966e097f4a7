// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import Glibc
import Metainfo
import StateStore
import SwarmConfig
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct CompletionTests {
    /// A daemon that keeps what is incomplete in a folder of its own.
    private static func run(_ body: (DaemonFixture, String) async throws -> Void) async throws {
        try await DaemonFixture.run { daemon in
            let incomplete = daemon.folder + "/incomplete"
            mkdir(incomplete, 0o755)
            daemon.methods.services.running.current.daemon.incompleteDirectory = incomplete
            try await body(daemon, incomplete)
        }
    }

    /// Waits until nothing is being done with a torrent, however many steps that takes.
    private static func settled(_ daemon: DaemonFixture, _ torrent: TorrentSummary) async throws -> TorrentDetail {
        var summary = try await daemon.summary(torrent.infoHash)
        while summary.state == .checking {
            await Task.yield()
            summary = try await daemon.summary(torrent.infoHash)
        }
        return try await daemon.detail(summary)
    }

    @Test func `what is incomplete lies apart, and goes to its folder when it is complete`() async throws {
        try await Self.run { daemon, incomplete in
            let path = try daemon.payload("album")
            let source = try await daemon.torrent(of: path)
            // As if it had been fetched: the files are there, and nobody has looked at them.
            rename(path, incomplete + "/album")
            let added = try await daemon.add(source)
            let detail = try await Self.settled(daemon, added)
            #expect(detail.summary.state == .seeding && detail.dir == daemon.folder + "/down" && detail.moveTo == nil)
            #expect(DaemonFixture.exists(daemon.folder + "/down/album/big"))
            #expect(!DaemonFixture.exists(incomplete + "/album") && !detail.isOriginal)
        }
    }

    @Test func `what has to be fetched is in the incomplete folder until then`() async throws {
        try await Self.run { daemon, incomplete in
            let source = try await daemon.torrent(of: try daemon.payload("album"))
            let added = try await daemon.add(source)
            let detail = try await Self.settled(daemon, added)
            #expect(detail.summary.state == .downloading && detail.dir == incomplete)
            #expect(detail.moveTo == daemon.folder + "/down")
        }
    }

    @Test func `what is there already, and what is shared, stays where it is`() async throws {
        try await Self.run { daemon, _ in
            let source = try await daemon.torrent(of: try daemon.payload("album"))
            let added = try await daemon.add(source, dir: daemon.folder + "/data")
            let detail = try await Self.settled(daemon, added)
            #expect(detail.summary.state == .seeding && detail.dir == daemon.folder + "/data" && detail.isOriginal)
            let shared = try await Self.settled(daemon, try await daemon.share(try daemon.payload("other")))
            #expect(shared.dir == daemon.folder + "/data" && shared.moveTo == nil)
        }
    }

    @Test func `a complete torrent is moved when told where to, and stays when something is in the way`() async throws {
        try await DaemonFixture.run { daemon in
            let torrent = try await daemon.share(try daemon.payload("album"))
            let id = TorrentSelector("\(torrent.infoHash)")
            let goal = daemon.folder + "/goal"
            await #expect(throws: ControlError.self) { try await daemon.directory.set(.init(id: id, moveTo: goal)) }
            mkdir(goal, 0o755)
            try DaemonFixture.write([1], to: goal + "/album")
            let set = try await daemon.directory.set(.init(id: id, moveTo: goal))
            #expect(set.moveTo == goal)
            let stuck = try await Self.settled(daemon, torrent)
            #expect(stuck.summary.state == .seeding && stuck.dir == daemon.folder + "/data" && stuck.moveTo == goal)
            let finding = Standstill(stuck, peers: [], now: 0).findings.first
            #expect(finding?.kind == .move && finding?.message.contains("there is something called album") == true)
            await daemon.directory.retryMoves()
            #expect(try await Self.settled(daemon, torrent).dir == daemon.folder + "/data")
            unlink(goal + "/album")
            await daemon.directory.retryMoves()
            let moved = try await Self.settled(daemon, torrent)
            #expect(moved.summary.state == .seeding && moved.dir == goal && moved.moveTo == nil)
        }
    }

    @Test func `a move that is due is made after the next start`() async throws {
        try await DaemonFixture.withFolder { folder in
            var torrent: TorrentSummary?
            mkdir(folder + "/goal", 0o755)
            try await DaemonFixture.wake(in: folder) { daemon in
                let shared = try await daemon.share(try daemon.payload("album"))
                torrent = shared
                try await daemon.methods.services.state.update(shared.infoHash, .moveTo(folder + "/goal"))
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let moved = try await Self.settled(daemon, try #require(torrent))
                #expect(moved.dir == folder + "/goal" && moved.moveTo == nil)
                #expect(DaemonFixture.exists(folder + "/goal/album/big"))
            }
        }
    }

    @Test func `an operator's own move decides anew`() async throws {
        try await Self.run { daemon, incomplete in
            let source = try await daemon.torrent(of: try daemon.payload("album"))
            let added = try await daemon.add(source)
            mkdir(daemon.folder + "/other", 0o755)
            let job = try await daemon.methods.move(
                .init(id: TorrentSelector("\(added.infoHash)"), dir: daemon.folder + "/other"))
            #expect(try await daemon.end(of: job).state == .done)
            let detail = try await Self.settled(daemon, added)
            #expect(detail.dir == daemon.folder + "/other" && detail.moveTo == nil)
        }
    }

    @Test func `a link whose files turn out to be in the folder already takes them from there`() async throws {
        try await Self.run { daemon, _ in
            let path = try daemon.payload("album")
            let source = try await daemon.torrent(of: path)
            guard case .metainfo(let bytes) = source else { return }
            let hash = try Metainfo(parsing: bytes.bytes).infoHash
            let link = try await daemon.add(.infoHash(hash))
            rename(path, daemon.folder + "/down/album")
            _ = try await daemon.add(source)
            let detail = try await Self.settled(daemon, link)
            #expect(detail.summary.state == .seeding && detail.dir == daemon.folder + "/down" && detail.moveTo == nil)
        }
    }
}
