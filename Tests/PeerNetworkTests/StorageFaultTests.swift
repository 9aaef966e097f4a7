// SPDX-License-Identifier: Apache-2.0

import Foundation
import PeerNetwork
import PeerWire
import PieceStore
import SwarmModel
import Testing

/// Files that go away, come back, or were never what they should be.
@Suite(.timeLimit(.minutes(15)))
struct StorageFaultTests {
    /// A folder, or a file in it.
    enum Place: CaseIterable { case folder, file }

    @Test(arguments: Place.allCases)
    func `what is moved away suspends the torrent, what comes back lets it go on`(_ place: Place) async throws {
        let swarm = try LoopbackSwarm(length: 20 * 16_384, pieceLength: 16_384)
        let leecher = try await self.leecher(in: swarm)
        let peer = try await self.seed(for: leecher, in: swarm)
        for _ in 0..<5 { try await self.serveOne(peer, in: swarm) }
        await leecher.observer.wait { $0.durable?.setCount == 5 }
        let path = place == .folder ? leecher.folder : leecher.folder + "/payload/file-0"
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        for _ in 0..<5 { try await self.serveOne(peer, in: swarm) }
        await leecher.observer.wait { !$0.suspensions.isEmpty }
        #expect(leecher.handle.status.phase == .suspended)
        let problem = try #require(leecher.handle.status.problem)
        #expect(problem.contains(leecher.folder))
        #expect(leecher.observer.state.durable?.setCount == 5)
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        try await self.finishes(leecher, peer, in: swarm)
    }

    @Test func `a folder in a file's place suspends the torrent until it is gone`() async throws {
        let swarm = try LoopbackSwarm(length: 20 * 16_384, pieceLength: 16_384)
        let leecher = try await self.leecher(in: swarm)
        let path = leecher.folder + "/payload/file-0"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let peer = try await self.seed(for: leecher, in: swarm)
        for _ in 0..<5 { try await self.serveOne(peer, in: swarm) }
        let error = try #require(await leecher.observer.wait { !$0.suspensions.isEmpty }.suspensions.first)
        #expect(error.path == path && error.reason == .wrongKind)
        #expect(leecher.handle.status.problem == error.description)
        try FileManager.default.removeItem(atPath: path)
        try await self.finishes(leecher, peer, in: swarm)
    }

    @Test func `a file deleted while it is downloaded is not recorded and does not pass for whole`() async throws {
        let swarm = try LoopbackSwarm(length: 20 * 16_384, pieceLength: 16_384)
        let leecher = try await self.leecher(in: swarm)
        let peer = try await self.seed(for: leecher, in: swarm)
        for _ in 0..<5 { try await self.serveOne(peer, in: swarm) }
        await leecher.observer.wait { $0.durable?.setCount == 5 }
        try FileManager.default.removeItem(atPath: leecher.folder + "/payload/file-0")
        for _ in 0..<5 { try await self.serveOne(peer, in: swarm) }
        await leecher.observer.wait { !$0.suspensions.isEmpty }
        #expect(leecher.handle.status.problem?.contains("payload/file-0") == true)
        let recorded = try await leecher.network.stop(leecher.handle)
        #expect(recorded.setCount == 5)
        // What the next start finds out.
        #expect(try leecher.storage.quickCheckBlocking(recorded) == recorded)
        let observer = RecordingObserver()
        let handle = try await leecher.network.start(
            swarm.parameters(leecher.storage, have: Bitfield(count: swarm.geometry.pieceCount), observer))
        let second = try await self.seed(for: leecher, in: swarm)
        async let service: Void = second.serveHonestly()
        await observer.wait { $0.durable?.isFull == true }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        second.close()
        await service
        #expect(try await leecher.network.stop(handle).isFull && observer.state.suspensions.isEmpty)
        try await swarm.stop(leecher)
    }

    enum Damage: CaseIterable { case short, missing }

    @Test(arguments: Damage.allCases, [true, false])
    func `a seed that cannot read refuses, says so, and serves again when it can`(
        _ damage: Damage, _ fast: Bool
    ) async throws {
        let swarm = try LoopbackSwarm(length: 20 * 16_384, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true) { $0.storageRetry = .milliseconds(10) }
        let path = seed.folder + "/payload/file-0"
        switch damage {
        case .short: try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: 20_000)
        case .missing: try FileManager.default.removeItem(atPath: path)
        }
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.shakeHands(fast: fast)
        try await peer.send { MessageWriter.interested(into: &$0) }
        await peer.hear { $0 == .message(.unchoke) }
        let block = swarm.geometry.block(0, of: PieceIndex(9))
        try await peer.send { MessageWriter.request(block, into: &$0) }
        if fast { #expect(await peer.hear() == .message(.reject(block))) }
        let error = try #require(await seed.observer.wait { !$0.suspensions.isEmpty }.suspensions.first)
        #expect(error.path == path)
        try await eventually { seed.handle.status.problem == error.description }
        #expect(seed.handle.status.phase == .seeding)
        try swarm.writeFiles(in: seed.folder)
        await seed.observer.wait { $0.resumptions == 1 }
        #expect(seed.handle.status.problem == nil)
        try await peer.send { MessageWriter.request(block, into: &$0) }
        #expect(await peer.hear() == .block(block, swarm.bytes(of: block)))
        try await swarm.stop(seed)
    }

    @Test func `a leecher of a seed that cannot read waits, and gets everything when it can`() async throws {
        let swarm = try LoopbackSwarm(length: 20 * 16_384, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true) { $0.storageRetry = .milliseconds(10) }
        try FileManager.default.removeItem(atPath: seed.folder + "/payload/file-0")
        let leecher = try await swarm.start("leecher", has: false)
        leecher.handle.add(candidates: [seed.endpoint])
        await seed.observer.wait { !$0.suspensions.isEmpty }
        try swarm.writeFiles(in: seed.folder)
        await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        try await swarm.stop(seed, leecher)
    }

    // MARK: - Steps

    private func leecher(in swarm: LoopbackSwarm) async throws -> LoopbackSwarm.Peer {
        try await swarm.start("leecher", has: false) {
            $0.storageRetry = .milliseconds(10)
            $0.syncInterval = .milliseconds(1)
        }
    }

    private func seed(for leecher: LoopbackSwarm.Peer, in swarm: LoopbackSwarm) async throws -> FakePeer {
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await peer.shakeHands()
        try await peer.offerEverything()
        return peer
    }

    private func serveOne(_ peer: FakePeer, in swarm: LoopbackSwarm) async throws {
        let block = try #require(await peer.hearRequest())
        try await peer.send(block, swarm.bytes(of: block))
    }

    /// The torrent goes on, fetches nothing twice and records everything.
    private func finishes(_ leecher: LoopbackSwarm.Peer, _ peer: FakePeer, in swarm: LoopbackSwarm) async throws {
        async let service: Void = peer.serveHonestly()
        await leecher.observer.wait { $0.isCompleted && $0.durable?.isFull == true && $0.resumptions >= 1 }
        #expect(leecher.handle.status.phase == .seeding && leecher.handle.status.problem == nil)
        #expect(try swarm.payload(of: leecher) == swarm.content)
        peer.close()
        await service
        let recorded = try await leecher.network.stop(leecher.handle)
        #expect(recorded.isFull)
        let status = leecher.handle.status
        #expect(status.downloaded == UInt64(swarm.content.count) && status.wasted == 0)
        try await swarm.stop(leecher)
    }
}
