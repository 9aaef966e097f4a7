// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import SwarmSimulation
import Swarming
import Testing

/// The rule against snubbing (Cohen 2003, 2.4.3): who has sent nothing for a minute is served no more, except as an optimist,
/// and the slots that become free find others.
///
/// What that saves is the time in which partners are sought, which is a part of the whole. Played to the end with the same
/// four seeds, the four peers that go on finish after 660 s on average, and after 712 without the rule; the last of them after
/// 744 and 773.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct SnubbingTests {
    private static let honest = Array(1...4)
    private static let geometry = Fixture.geometry(pieces: 512, kibibytes: 32)

    /// Seventeen peers trade until each has found those that send fastest. Thirteen of them serve everybody in turn and faster
    /// than the others can; then they send nothing any more, and go on unchoking, asking and taking. The four others have all
    /// pieces between them, so that they need nobody else; but their partners are among the thirteen. `choker` decides for
    /// the four. Returns how many pieces these get in the two minutes from a minute after the others stopped.
    private func gained(_ choker: SimulatedStrategy, seed: UInt64) throws -> Int {
        let simulation = Simulation(geometry: Self.geometry, seed: seed)
        simulation.checks = .never
        var random = SplitMix64(seed: seed)
        var quitter = Fixture.peer(0.25, strategy: Fixture.strategy(choker: "round-robin"))
        quitter.uploadSlots = .fixed(4)
        var honest = Fixture.peer(0.125, strategy: choker)
        honest.uploadSlots = .fixed(4)
        try simulation.add(quitter)
        for number in Self.honest.indices {
            honest.pieces = Self.pieces { $0 % Self.honest.count == number }
            try simulation.add(honest)
        }
        for _ in 0..<12 {
            quitter.pieces = Self.pieces { _ in random.next(below: 2) == 0 }
            try simulation.add(quitter)
        }
        for node in 0..<simulation.nodeCount where !Self.honest.contains(node) {
            simulation.at(Fixture.seconds(60)) { $0.withhold(node) }
        }
        func owned() -> Int { Self.honest.reduce(0) { $0 + simulation.pieces(of: $1).setCount } }
        _ = simulation.run(limit: .seconds(120)) { _ in false }
        let before = owned()
        _ = simulation.run(limit: .seconds(120)) { _ in false }
        return owned() - before
    }

    private static func pieces(_ isThere: (Int) -> Bool) -> Bitfield {
        var pieces = Bitfield(count: Self.geometry.pieceCount)
        for piece in 0..<pieces.count where isThere(piece) { pieces.insert(PieceIndex(piece)) }
        return pieces
    }

    @Test func `those whose partners stop sending find others sooner than without the rule`() throws {
        var plain = Fixture.strategy()
        plain.makeChoker = { PlainReciprocation(seed: $1) }
        var gained = (with: 0, without: 0)
        for seed in UInt64(1)...4 {
            let with = try self.gained(Fixture.strategy(), seed: seed)
            let without = try self.gained(plain, seed: seed)
            #expect(with > without, "seed \(seed): \(with) pieces, \(without) without the rule")
            gained.with += with
            gained.without += without
        }
        // 1293 and 898.
        #expect(gained.with * 10 > gained.without * 13, "\(gained)")
    }
}
