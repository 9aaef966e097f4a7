// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct MeshTests {
    private func node(_ index: Int, seed: UInt64, pieces: Int = 40, complete: Bool) -> Swarm {
        var configuration = SwarmConfiguration()
        configuration.maximumOpenPieces = 8
        configuration.uploadSlots = .fixed(4)
        return Swarm(
            geometry: Torrent.geometry(pieces: pieces, blocks: 4), have: Bitfield(count: pieces, filled: complete),
            configuration: configuration,
            picker: RarestPicker(pieceCount: pieces, random: SplitMix64(seed: seed &* 1000 + UInt64(index))),
            choker: TurnChoker(), random: SplitMix64(seed: seed), at: Instant(nanoseconds: 0))
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `one seed serves many until all are complete, and they serve each other`(_ seed: UInt64) {
        let mesh = Mesh((0..<8).map { self.node($0, seed: seed, complete: $0 == 0) })
        #expect(mesh.run(ticks: 3000))
        let fromSeed = mesh.sent[0].reduce(0, +)
        let total = mesh.sent.reduce(0) { $0 + $1.reduce(0, +) }
        #expect(fromSeed * 2 < total, "the seed sent \(fromSeed) of \(total) blocks")
        #expect(mesh.duplicates * 10 < total, "\(mesh.duplicates) of \(total) blocks came in vain")
    }

    @Test func `peers without a seed complete each other`() {
        let pieces = 40
        var nodes: [Swarm] = []
        for index in 0..<4 {
            var node = self.node(index, seed: 9, complete: false)
            for piece in 0..<pieces where piece % 4 == index {
                node.pieceVerified(PieceIndex(piece), at: Instant(nanoseconds: 0))
            }
            nodes.append(node)
        }
        let mesh = Mesh(nodes)
        #expect(mesh.run(ticks: 3000))
    }

    @Test func `peers that leave cost no more than time`() {
        let mesh = Mesh((0..<8).map { self.node($0, seed: 5, complete: $0 < 2) })
        for leaving in 4..<7 {
            for _ in 0..<7 { mesh.tick() }
            mesh.leave(leaving)
        }
        #expect(mesh.run(ticks: 3000))
    }

    @Test func `a slow peer does not hold up the end`() {
        let mesh = Mesh((0..<3).map { self.node($0, seed: 5, complete: $0 < 2) }, blocksPerTick: 8)
        mesh.blocksPerTick[1] = 0
        #expect(mesh.run(ticks: 200))
    }

    @Test func `a peer that sends nonsense is found out, and the data arrives`() {
        let mesh = Mesh((0..<5).map { self.node($0, seed: 7, complete: $0 < 2) })
        mesh.liars = [1]
        #expect(mesh.run(ticks: 3000))
        #expect(!mesh.failures.isEmpty)
        #expect(mesh.failures.compactMap(\.culprit).allSatisfy { $0 == 1 })
        #expect(mesh.failures.contains { $0.culprit == 1 })
    }
}
