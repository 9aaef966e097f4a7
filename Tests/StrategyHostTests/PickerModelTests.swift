// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// What every picker that ships must keep to, whatever it is told: against counting afresh.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct PickerModelTests {
    private static let pieces = 300

    private struct Model {
        var states = Array(repeating: PieceState.wanted, count: PickerModelTests.pieces)
        var priorities = Array(repeating: UInt8(4), count: PickerModelTests.pieces)
        var peers: [Bitfield] = []

        func candidates(_ has: Bitfield) -> [Int] {
            self.states.indices.filter { self.states[$0] == .wanted && has[PieceIndex($0)] }
        }
    }

    @Test(arguments: ["rarest-first", "sequential", "random", "deadline"], UInt64(1)...4)
    func `a pick is wanted, the peer's, and there whenever there is one`(_ name: String, _ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let driver = try PickerDriver(name, pieces: Self.pieces, seed: seed)
        var model = Model()
        for step in 0..<1500 {
            self.change(driver, &model, &random)
            driver.tellsSummary = random.next(below: 4) > 0
            guard let has = model.peers.randomElement(using: &random) else { continue }
            let candidates = model.candidates(has)
            let picked = driver.pick(has, 1 + Int(random.next(below: 3)), rate: Double(random.next(below: 5)) * 1e5)
            #expect(picked.isEmpty == candidates.isEmpty, "seed \(seed), step \(step)")
            #expect(Set(picked).isSubset(of: candidates), "seed \(seed), step \(step)")
            #expect(Set(picked).count == picked.count, "seed \(seed), step \(step)")
            guard name != "deadline", let first = picked.first else { continue }
            let best = candidates.map { model.priorities[$0] }.max()
            #expect(model.priorities[first] == best, "seed \(seed), step \(step)")
            if name == "sequential" {
                #expect(first == candidates.first { model.priorities[$0] == best }, "seed \(seed), step \(step)")
            }
        }
        #expect(driver.picker.name == name, "no fault")
    }

    /// The libraries count it as a number, and take what it lost from another.
    @Test(arguments: ["rarest-first", "deadline"])
    func `one that had everything and lost a piece leaves nobody without`(_ name: String) throws {
        let driver = try PickerDriver(name)
        driver.set(.have, 0..<20)
        driver.gain(driver.all)
        driver.gain(driver.bits([50]))
        driver.picker.pieceLost(PieceIndex(50))
        #expect(driver.pick(driver.bits([50])) == [50])
    }

    @Test func `what is not played is picked as well, when it lies among what is`() throws {
        let driver = try PickerDriver("deadline", pieces: 20)
        driver.gain(driver.all)
        driver.prioritize(6, stride(from: 0, to: 20, by: 2))
        #expect(Set(driver.take(10, from: driver.all)) == Set(stride(from: 0, to: 20, by: 2)))
        #expect(Set(driver.take(20, from: driver.all)) == Set(stride(from: 1, to: 20, by: 2)))
    }

    private func change(_ driver: PickerDriver, _ model: inout Model, _ random: inout SplitMix64) {
        let piece = Int(random.next(below: UInt64(Self.pieces)))
        driver.wait(seconds: Double(random.next(below: 3)))
        switch random.next(below: 9) {
        case 0 where model.peers.count < 12:
            let share = random.next(below: 5)
            let bits = driver.bits((0..<Self.pieces).filter { _ in random.next(below: 4) < share })
            model.peers.append(bits)
            driver.gain(bits)
        case 1 where !model.peers.isEmpty:
            driver.lose(model.peers.remove(at: Int(random.next(below: UInt64(model.peers.count)))))
        case 2 where !model.peers.isEmpty:
            let index = Int(random.next(below: UInt64(model.peers.count)))
            if model.peers[index].insert(PieceIndex(piece)) { driver.picker.pieceGained(PieceIndex(piece)) }
        case 3:
            let index = model.peers.firstIndex { $0[PieceIndex(piece)] && !$0.isFull }
            if let index, model.peers[index].remove(PieceIndex(piece)) { driver.picker.pieceLost(PieceIndex(piece)) }
        case 4:
            model.priorities[piece] = UInt8(1 + random.next(below: 7))
            driver.prioritize(model.priorities[piece], [piece])
        case 5 where random.next(below: 8) == 0:
            for piece in 0..<Self.pieces { model.priorities[piece] = UInt8(3 + random.next(below: 2)) }
            for piece in 0..<Self.pieces { driver.prioritize(model.priorities[piece], [piece]) }
        case 6 where random.next(below: 8) == 0:
            driver.tell((0..<64).map { _ in UInt32(random.next(below: 100)) }, from: piece / 2)
        default:
            model.states[piece] = PieceState(rawValue: UInt8(random.next(below: 4)))!
            driver.set(model.states[piece], [piece])
        }
    }
}
