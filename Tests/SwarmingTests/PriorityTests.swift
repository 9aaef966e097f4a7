// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// Many priorities at once.
@Suite struct PriorityTests {
    @Test(arguments: UInt64(1)...6) func `many at once are as one by one`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let (one, many) = (
            Torrent(pieces: 300, blocks: 1, have: [7, 64]), Torrent(pieces: 300, blocks: 1, have: [7, 64])
        )
        for slot in 0..<5 {
            let pieces = (0..<300).filter { _ in slot == 0 || random.next(below: 2) == 0 }
            for torrent in [one, many] { torrent.join(slot, having: pieces) }
        }
        for torrent in [one, many] { _ = torrent.ask(1, 3) }
        for _ in 0..<20 {
            let first = Int(random.next(below: 300))
            let count = Int(random.next(below: 200))
            let priorities = (0..<count).map { _ in PiecePriority(UInt8(random.next(below: 8))) }
            for (index, priority) in priorities.enumerated() where first + index < 300 {
                one.swarm.setPriority(PieceIndex(first + index), priority)
            }
            many.swarm.setPriorities(from: PieceIndex(first), priorities)
            one.swarm.checkInvariants()
            many.swarm.checkInvariants()
            #expect(one.swarm.missing == many.swarm.missing && one.swarm.wantedBytes == many.swarm.wantedBytes)
            #expect(one.swarm.missingBytes == many.swarm.missingBytes)
            #expect(one.picker.states == many.picker.states && one.picker.priorities == many.picker.priorities)
            for slot in 0..<5 { #expect(one.swarm.isInteresting(slot) == many.swarm.isInteresting(slot)) }
        }
        let none = Array(repeating: PiecePriority.unwanted, count: 400)
        many.swarm.setPriorities(from: PieceIndex(0), none)
        many.swarm.checkInvariants()
        #expect(many.swarm.isFinished && (0..<5).allSatisfy { !many.swarm.isInteresting($0) })
        many.swarm.setPriorities(from: PieceIndex(0), [PiecePriority]())
        many.swarm.setPriorities(from: PieceIndex(300), none)
        many.swarm.checkInvariants()
    }
}
