// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Logging
import NIOCore
import PeerNetwork
import PeerSession
import PeerWire
import PieceStore
import SwarmModel
import Swarming
import Testing

@Suite(.timeLimit(.minutes(15))) struct MetadataTests {
    /// A magnet link's side of a torrent: a network and a torrent of which only the hash is known.
    struct Waiting {
        let network: PeerNetwork
        let store: PieceStore
        let handle: TorrentHandle
        let observer: RecordingObserver

        static func start(_ infoHash: InfoHash, v2: InfoHashV2? = nil, in swarm: LoopbackSwarm) async throws -> Waiting
        {
            var random = SplitMix64(seed: 77)
            let configuration = PeerNetworkConfiguration(
                listen: [], peerID: PeerID(prefix: "-SM0100-", random: &random), clientName: "test")
            let store = PieceStore()
            let network = PeerNetwork(
                configuration: configuration, group: swarm.group, store: store, filter: AddressFilter(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let observer = RecordingObserver()
            let handle = try await network.start(
                TorrentParameters(awaiting: infoHash, v2: v2, store: store, seed: 3, observer: observer))
            return Waiting(network: network, store: store, handle: handle, observer: observer)
        }

        func stop() async throws {
            _ = try await self.network.stop(self.handle)
            self.store.shutdown()
        }
    }

    static func metadata(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 7) } }

    static func hash(_ metadata: [UInt8]) -> InfoHash {
        InfoHash(bytes: Array(Insecure.SHA1.hash(data: metadata))) ?? InfoHash(Bytes20(repeatElement(0, count: 20))!)
    }

    /// A peer that gives `metadata` to whoever asks, saying that there are `size` bytes of them; nil refuses.
    static func give(
        _ metadata: [UInt8]?, size: Int, on listener: FakeListener, _ infoHash: InfoHash, id: UInt8
    ) async throws {
        let peer = try await listener.accept()
        try await peer.send(
            Handshake(
                infoHash: infoHash, peerID: FakePeer.id(filledWith: id), supportsFast: true, supportsExtensions: true
            ).encoded)
        var hello = ExtendedHandshake()
        hello.messages[ExtendedHandshake.metadataName] = 3
        hello.metadataSize = size
        try await peer.send { MessageWriter.extended(0, payload: hello.encoded, into: &$0) }
        while true {
            let request = await peer.hearExtended(3)
            guard let request, let message = try MetadataMessage(parsing: request) else { return }
            guard message.kind == .request else { continue }
            var payload = MetadataMessage(.reject, piece: message.piece).encoded
            if let metadata, let range = MetadataMessage.range(of: message.piece, size: metadata.count) {
                payload =
                    MetadataMessage(.data, piece: message.piece, totalSize: metadata.count).encoded + metadata[range]
            }
            try await peer.send { MessageWriter.extended(PeerSession.metadataID, payload: payload, into: &$0) }
        }
    }

    @Test func `metadata come from honest peers among one that lies and one that refuses`() async throws {
        let swarm = try LoopbackSwarm(length: 1_000, pieceLength: 16_384)
        let truth = Self.metadata(100_000)
        var lie = truth
        lie[50_000] ^= 1
        let infoHash = Self.hash(truth)
        let waiting = try await Waiting.start(infoHash, in: swarm)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, copy) in [lie, truth, nil, truth].enumerated() {
                let listener = try await FakeListener.listen(at: "127.0.0.\(number + 2)", in: swarm)
                group.addTask {
                    try await Self.give(copy, size: truth.count, on: listener, infoHash, id: UInt8(number + 10))
                }
                waiting.handle.add(candidates: [listener.endpoint])
            }
            let state = await waiting.observer.wait { $0.metadata != nil }
            #expect(state.metadata == truth)
            #expect(waiting.handle.isAwaitingMetadata)
            try await waiting.stop()
            group.cancelAll()
        }
        try await swarm.stop()
    }

    @Test func `a peer with nothing but lies is dropped, and the torrent waits for another`() async throws {
        let swarm = try LoopbackSwarm(length: 1_000, pieceLength: 16_384)
        let truth = Self.metadata(20_000)
        let infoHash = Self.hash(truth)
        let waiting = try await Waiting.start(infoHash, in: swarm)
        let liar = try await FakeListener.listen(in: swarm)
        waiting.handle.add(candidates: [liar.endpoint])
        // Returns when it is hung up on.
        try await Self.give(Self.metadata(19_000), size: 19_000, on: liar, infoHash, id: 5)
        #expect(waiting.observer.state.metadata == nil)
        try await waiting.stop()
        try await swarm.stop()
    }

    @Test func `what was a hash becomes a torrent without losing its connection, and fetches`() async throws {
        let swarm = try LoopbackSwarm(length: 300_000, pieceLength: 32_768)
        let seed = try await swarm.start("seed", has: true)
        let waiting = try await Waiting.start(swarm.infoHash, in: swarm)
        waiting.handle.add(candidates: [seed.endpoint])
        try await eventually { waiting.handle.status.peers == 1 && waiting.handle.status.seeds == 1 }
        let since = try await seed.handle.peers().map(\.peerID)
        let folder = swarm.root + "/fetched"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let storage = TorrentStorage(store: waiting.store, layout: swarm.layout, hashes: swarm.hashes, root: folder)
        try storage.prepareBlocking()
        try await waiting.handle.adopt(
            swarm.parameters(storage, have: Bitfield(count: swarm.geometry.pieceCount), waiting.observer))
        await waiting.observer.wait { $0.isCompleted }
        #expect(since.count == 1)
        #expect(try Array(Data(contentsOf: URL(filePath: folder + "/payload/file-0"))) == swarm.content)
        try await waiting.stop()
        try await swarm.stop(seed)
    }

    @Test func `metadata are given to who asks, twice at most and then sparingly`() async throws {
        let swarm = try LoopbackSwarm(length: 1_000, pieceLength: 16_384)
        let truth = Self.metadata(40_000)
        let seed = try await swarm.start("seed", has: true, metadata: MetadataSource(size: truth.count) { truth })
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.send(
            Handshake(
                infoHash: swarm.infoHash, peerID: FakePeer.greatestID, supportsFast: true, supportsExtensions: true
            ).encoded)
        var hello = ExtendedHandshake()
        hello.messages[ExtendedHandshake.metadataName] = 7
        try await peer.send { out in
            MessageWriter.extended(0, payload: hello.encoded, into: &out)
            for number in 0..<60 {
                let request = MetadataMessage(.request, piece: number < 3 ? number : number % 4).encoded
                MessageWriter.extended(PeerSession.metadataID, payload: request, into: &out)
            }
        }
        let own = try #require(await peer.hearExtended(0))
        #expect(try ExtendedHandshake(parsing: own)?.metadataSize == truth.count)
        var given: [Int: [UInt8]] = [:]
        var counts = (data: 0, reject: 0)
        while counts.data + counts.reject < 60 {
            let payload = try #require(await peer.hearExtended(7))
            let message = try #require(try MetadataMessage(parsing: payload))
            if message.kind == .reject { counts.reject += 1 }
            guard message.kind == .data else { continue }
            counts.data += 1
            given[message.piece] = Array(payload[message.dataOffset...])
        }
        #expect((0..<3).flatMap { given[$0] ?? [] } == truth)
        #expect(counts.data >= 14 && counts.reject >= 15)
        peer.close()
        try await swarm.stop(seed)
    }
}
