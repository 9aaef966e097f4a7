// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TestSeeds
import Testing

@Suite struct FilePrioritiesTests {
    @Test func `what was stored is read back, and all normal is short`() {
        let seed = TestSeed.one()
        var random = SplitMix64(seed: seed)
        for count in [0, 1, 2, 17, 1_000] {
            var priorities = FilePriorities(count: count)
            #expect(priorities.areNormal && priorities.text == (count == 0 ? "" : "n\(count)"))
            for file in 0..<count where random.next(below: 3) == 0 {
                priorities[file] = FilePriority.allCases[Int(random.next(below: 4))]
            }
            #expect(FilePriorities(text: priorities.text, count: count) == priorities, "seed \(seed)")
        }
    }

    @Test func `what is not such a text, or is of another torrent, is refused`() {
        for text in ["x3", "n", "n0", "n4", "n2", "n2s", "3n", "n99999999999999999999", "n3 ", "n-3"] {
            #expect(FilePriorities(text: text, count: 3) == nil)
        }
        #expect(FilePriorities(text: "s1l1h1", count: 3)?.levels == [.skip, .low, .high])
    }

    @Test func `levels rise from skip to high`() {
        #expect(FilePriority.allCases == FilePriority.allCases.sorted())
        #expect(FilePriority.skip.piecePriority == 0)
    }
}
