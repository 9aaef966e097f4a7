// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOConcurrencyHelpers
import PeerNetwork
import PeerWire
import PieceStore
import SwarmModel
import Swarming
import Testing

/// What is left when a torrent has stopped: its data and nothing else.
@Suite(.timeLimit(.minutes(15)))
struct StoppingTests {
    @Test(arguments: [1, 10, 40, 79])
    func `what stop returns is everything stored, and all of it is on disk`(_ pieces: Int) async throws {
        let swarm = try LoopbackSwarm(length: 80 * 32_768, pieceLength: 32_768)
        let seed = try await swarm.start("seed", has: true)
        let leecher = try await swarm.start("leecher", has: false)
        leecher.handle.add(candidates: [seed.endpoint])
        try await eventually { try await leecher.handle.have().setCount >= pieces }
        let had = try await leecher.handle.have()
        async let again = leecher.network.stop(leecher.handle)
        let recorded = try await leecher.network.stop(leecher.handle)
        #expect(try await again == recorded)
        #expect(!had.hasBitOutside(recorded))
        #expect(leecher.handle.status.havePieces == recorded.setCount)
        #expect(!leecher.storage.hasUnsynchronisedData)
        let bytes = try swarm.payload(of: leecher)
        recorded.forEachSet { piece in
            let start = Int(swarm.geometry.offset(of: piece))
            let range = start..<start + Int(swarm.geometry.length(of: piece))
            #expect(bytes[range] == swarm.content[range])
        }
        // Only the rest is fetched after the restart.
        let handle = try await leecher.network.start(
            swarm.parameters(leecher.storage, have: recorded, leecher.observer))
        handle.add(candidates: [seed.endpoint])
        // What was under way when it stopped may have been all that was missing.
        if !recorded.isFull { await leecher.observer.wait { $0.isCompleted } }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        #expect(try await leecher.network.stop(handle).isFull)
        let left = swarm.content.count - recorded.setCount * 32_768
        #expect(handle.status.downloaded - handle.status.wasted == UInt64(left))
        try await swarm.stop(seed, leecher)
    }

    @Test func `a stopped torrent leaves no connection, no descriptor and no memory`() async throws {
        let swarm = try LoopbackSwarm(length: 20 * 16_384, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        _ = try await leecher.network.stop(leecher.handle)
        let witness = Witness()
        for _ in 0..<5 {
            let observer = RecordingObserver()
            let parameters = swarm.parameters(
                leecher.storage, have: Bitfield(count: swarm.geometry.pieceCount), observer, strategies: witness)
            let handle = try await leecher.network.start(parameters)
            #expect(witness.picker == nil, "nobody is here to pick pieces for")
            let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
            try await peer.shakeHands()
            try await peer.offerEverything()
            let block = try #require(await peer.hearRequest())
            #expect(witness.picker != nil)
            let next = try #require(await peer.hearRequest())
            try await peer.send(block, swarm.bytes(of: block))
            await peer.hear { $0 == .message(.have(block.piece)) }
            // In the middle of another block.
            try await peer.send { out in
                MessageWriter.piece(next, into: &out)
                out += swarm.bytes(of: next).prefix(5_000)
            }
            #expect(try await leecher.network.stop(handle).setCount == 1)
            #expect(leecher.network.connectionCount == 0)
            await peer.hearEnd()
        }
        try await eventually { witness.picker == nil }
        #expect(Self.openDescriptors(below: leecher.folder).isEmpty)
        try await swarm.stop(leecher)
    }

    @Test func `a stop gives up what is being dialled`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let deaf = try DeafListener()
        leecher.handle.add(candidates: [deaf.endpoint])
        try await eventually { leecher.network.connectionCount == 1 }
        #expect(try await leecher.handle.peers().isEmpty)
        _ = try await leecher.network.stop(leecher.handle)
        #expect(leecher.network.connectionCount == 0)
        _ = try await leecher.network.stop(leecher.handle)
        #expect(leecher.network.connectionCount == 0)
        try await swarm.stop(leecher)
    }

    @Test func `a torrent that was started again answers to its name, whenever the old one stops`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true)
        let full = Bitfield(count: swarm.geometry.pieceCount, filled: true)
        let second = try await seed.network.start(swarm.parameters(seed.storage, have: full, seed.observer))
        _ = try await seed.network.stop(seed.handle)
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        #expect(try await peer.shakeHands() != nil)
        _ = try await seed.network.stop(second)
        await peer.hearEnd()
        let late = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        #expect(try await late.shakeHands() == nil)
        try await swarm.stop(seed)
    }

    @Test func `addresses given to a stopped torrent are not dialled`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let deaf = try DeafListener()
        _ = try await leecher.network.stop(leecher.handle)
        leecher.handle.add(candidates: [deaf.endpoint])
        #expect(try await leecher.handle.peers().isEmpty)
        #expect(leecher.network.connectionCount == 0)
        try await swarm.stop(leecher)
    }

    /// Sees whether a torrent's picker, and so the torrent, is still there.
    private final class Witness: StrategyMaker {
        let pickerName = BuiltInStrategies.shared.pickerName
        let chokerName = BuiltInStrategies.shared.chokerName
        private struct Reference: @unchecked Sendable { weak var picker: RarestPicker? }
        private let box = NIOLockedValueBox(Reference())
        var picker: RarestPicker? {
            get { self.box.withLockedValue { $0.picker } }
            set { self.box.withLockedValue { $0.picker = newValue } }
        }

        func makePicker(for geometry: TorrentGeometry, seed: UInt64) -> any PiecePicker {
            let picker = RarestPicker(pieceCount: geometry.pieceCount, random: SplitMix64(seed: seed))
            self.picker = picker
            return picker
        }

        func makeChoker(for geometry: TorrentGeometry, seed: UInt64) -> any Choker { TurnChoker() }
    }

    private static func openDescriptors(below folder: String) -> [String] {
        (0..<1_024).compactMap { number in
            var path = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("/proc/self/fd/\(number)", &path, path.count - 1)
            guard count > 0 else { return nil }
            let target = String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return target.hasPrefix(folder + "/") ? target : nil
        }
    }
}

/// A listener that never accepts and whose queue is full, so that dialling it never comes to an end.
final class DeafListener {
    let endpoint: PeerEndpoint
    private var descriptors: [Int32] = []

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, length) == 0, listen(listener, 0) == 0,
                    getsockname(listener, address, &length) == 0
                else { return UInt16(0) }
                return UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 2, as: UInt16.self).bigEndian
            }
        }
        try #require(port != 0)
        self.endpoint = PeerEndpoint(address: IPAddress(v4: 0x7f00_0001), port: port)
        self.descriptors = [listener]
        // More than the queue takes; the surplus stays on its way.
        for _ in 0..<3 {
            let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            self.descriptors.append(filler)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(filler, $0, length) }
            }
        }
    }

    deinit { for descriptor in self.descriptors { close(descriptor) } }
}
