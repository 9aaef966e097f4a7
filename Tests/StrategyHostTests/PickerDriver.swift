// SPDX-License-Identifier: Apache-2.0

import StrategyHost
import SwarmModel
import Swarming

/// A picker out of its real library, and short ways to drive it.
final class PickerDriver {
    let picker: any PiecePicker
    let pieces: Int
    var now = Instant(nanoseconds: 1_000_000_000)
    /// Whether peers are shown with a summary of their pieces, as this host does.
    var tellsSummary = true

    init(_ name: String, pieces: Int = 100, options: [String: String] = [:], seed: UInt64 = 1) throws {
        self.pieces = pieces
        self.picker = try Fixture.host().makePicker(
            named: name, for: Fixture.geometry(pieces: pieces), options: options, seed: seed)
    }

    var all: Bitfield { Bitfield(count: self.pieces, filled: true) }

    func bits(_ pieces: some Sequence<Int>) -> Bitfield {
        var bits = Bitfield(count: self.pieces)
        for piece in pieces { bits.insert(PieceIndex(piece)) }
        return bits
    }

    func gain(_ bits: Bitfield) {
        bits.words.withUnsafeBufferPointer { self.picker.piecesGained($0, count: bits.setCount) }
    }

    func lose(_ bits: Bitfield) {
        bits.words.withUnsafeBufferPointer { self.picker.piecesLost($0, count: bits.setCount) }
    }

    func set(_ state: PieceState, _ pieces: some Sequence<Int>) {
        for piece in pieces { self.picker.setState(PieceIndex(piece), state) }
    }

    func prioritize(_ priority: UInt8, _ pieces: some Sequence<Int>) {
        for piece in pieces { self.picker.setPriority(PieceIndex(piece), PiecePriority(priority)) }
    }

    func tell(_ counts: [UInt32], from first: Int = 0) {
        counts.withUnsafeBufferPointer { self.picker.setTrackerCounts(PieceIndex(first), $0) }
    }

    func pick(_ has: Bitfield, _ maximum: Int = 1, rate: Double = 0) -> [Int] {
        var summary = [UInt64](repeating: 0, count: (has.words.count + 63) / 64 + 1)
        for (index, word) in has.words.enumerated() where word != 0 { summary[index >> 6] |= 1 << UInt64(index & 63) }
        return summary.withUnsafeBufferPointer { summary in
            has.words.withUnsafeBufferPointer { words in
                let peer = PickerPeer(
                    slot: 0, haveCount: has.setCount, downRate: rate, now: self.now,
                    summary: self.tellsSummary ? summary.baseAddress : nil)
                return [UInt32](unsafeUninitializedCapacity: maximum) { room, count in
                    room.initialize(repeating: 0)
                    count = self.picker.pick(for: peer, having: words, into: room)
                }
            }
        }.map { Int($0) }
    }

    /// Picks one piece after the other and sets each in flight, up to `count`.
    func take(_ count: Int, from has: Bitfield, rate: Double = 0) -> [Int] {
        var taken: [Int] = []
        while taken.count < count, let piece = self.pick(has, rate: rate).first {
            self.set(.inFlight, [piece])
            taken.append(piece)
        }
        return taken
    }

    /// Lets time go by.
    func wait(seconds: Double) {
        self.now = self.now + .milliseconds(Int64(seconds * 1000))
    }
}
