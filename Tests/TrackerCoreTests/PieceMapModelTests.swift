// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TestSeeds
import Testing
import TrackerCore
import TrackerWire

@Suite struct PieceMapModelTests {
    @Test func `whatever comes and goes, counts and holders are those of a plain table`() throws {
        var random = SplitMix64(seed: TestSeed.one())
        for _ in 0..<6 {
            let pieceCount = Int.random(in: 1...130, using: &random)
            let crowd = Int.random(in: 2...90, using: &random)
            var swarm = Swarm(seed: random.next())
            var model: [Int: Bitfield] = [:]
            var sequences: [Int: UInt32] = [:]
            for step in 0..<1500 {
                let number = Int.random(in: 1...crowd, using: &random)
                switch Int.random(in: 0..<12, using: &random) {
                case 0:
                    try swarm.announce(number, event: .stopped)
                    model[number] = nil
                case 1:
                    try swarm.announce(number)
                    let pieces = Swarm.pieces(pieceCount, (0..<pieceCount).filter { _ in Bool.random(using: &random) })
                    sequences[number] = UInt32(step)
                    #expect(swarm.report(number, whole: pieces, sequence: UInt32(step)) == .known)
                    model[number] = pieces
                default:
                    guard var pieces = model[number], let sequence = sequences[number] else { continue }
                    let news = Swarm.pieces(pieceCount, [Int.random(in: 0..<pieceCount, using: &random)])
                    pieces.formUnion(news)
                    sequences[number] = sequence + 1
                    #expect(swarm.report(number, news: news, all: pieces, sequence: sequence + 1) == .known)
                    model[number] = pieces
                }
                guard step % 50 == 49 else { continue }
                Self.compare(&swarm, model, pieceCount)
            }
        }
    }

    private static func compare(_ swarm: inout Swarm, _ model: [Int: Bitfield], _ pieceCount: Int) {
        #expect(swarm.table.reporters == model.count)
        let counts = swarm.counts()
        for piece in 0..<pieceCount where !counts.isEmpty {
            let holders = Set(model.filter { $0.value[PieceIndex(piece)] }.keys.map { Swarm.v4($0) })
            #expect(Int(counts[piece]) == holders.count)
            let told = swarm.holders(of: piece, 200)
            #expect(told.count == holders.count && told.peers == holders)
        }
        let rarest = swarm.table.rarest(8, of: Swarm.hash(0), for: nil, random: &swarm.random)
        #expect(rarest.map { Int($0.holders) } == counts.sorted().prefix(8).map { Int($0) })
        guard let summary = swarm.table.pieceSummary(of: Swarm.hash(0)), summary.pieces > 0 else { return }
        let least = Int(counts.min() ?? 0)
        let share = Double(counts.count { Int($0) > least }) / Double(pieceCount)
        #expect(summary.minimum == least && abs(summary.distributedCopies - Double(least) - share) < 1e-9)
        #expect(summary.histogram.reduce(0, +) == pieceCount)
        #expect(summary.histogram[0] == counts.count { $0 == 0 })
    }
}
