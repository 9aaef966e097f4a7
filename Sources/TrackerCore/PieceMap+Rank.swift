// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension PieceMap {
    /// Reporters looked at for one answer.
    private static let mostCandidates = 24
    /// Words of a row that are compared: a thousand pieces tell enough of all.
    private static let mostWords = 16
    /// Seconds after which a recommendation does not weigh any more.
    static let windowSeconds: UInt32 = 8

    /// Calls `body` with up to `count` reporters of the family of `slot` that have the most of what it lacks, the best
    /// first. Who was recommended often lately gives way to others, and all come from a random sample, so that not all
    /// askers are sent to the same.
    func recommend(
        _ count: Int, to slot: Int, at now: UInt32, random: inout SplitMix64, _ body: (PeerEndpoint) -> Void
    ) {
        let looks = min(Self.mostCandidates, self.reporterCount)
        guard count > 0, looks > 1 else { return }
        // Looked up once: the compiler would ask the map for them each time.
        let (reporters, rows, present) = (self.reporters, self.rows, self.present)
        let (words, mine) = (self.comparedWords(of: slot, random: &random), rows.row(slot))
        let window = UInt16(truncatingIfNeeded: now / Self.windowSeconds)
        let isV6 = self.reporters[slot].endpoint.address.isV6
        withUnsafeTemporaryAllocation(of: (score: UInt32, slot: UInt32).self, capacity: min(count, looks)) { best in
            var used = 0
            // One from each of as many stretches, so that nobody comes twice.
            let turn = Int(random.next(below: UInt64(present.count)))
            for look in 0..<looks {
                let low = present.count * look / looks
                let high = present.count * (look + 1) / looks
                var place = low + Int(random.next(below: UInt64(max(high - low, 1)))) + turn
                if place >= present.count { place -= present.count }
                let other = Int(present[place])
                let reporter = reporters[other]
                guard other != slot, reporter.endpoint.address.isV6 == isV6 else { continue }
                let load = reporter.window == window ? UInt32(reporter.recommended) : 0
                let score = Self.count(rows.row(other), without: mine, words) &* 64 / (load + 1)
                guard score > 0 else { continue }
                Self.keep((score, UInt32(other)), in: best, &used)
            }
            for index in 0..<used {
                let chosen = Int(best[index].slot)
                self.change(chosen) { reporter in
                    if reporter.window != window { reporter.recommended = 0 }
                    reporter.window = window
                    if reporter.recommended < .max { reporter.recommended += 1 }
                }
                body(self.reporters[chosen].endpoint)
            }
        }
    }

    /// A stretch of words in which the asker lacks something, from a place of chance on.
    private func comparedWords(of slot: Int, random: inout SplitMix64) -> Range<Int> {
        let (row, width) = (self.rows.row(slot), self.rows.width)
        let length = min(width, Self.mostWords)
        guard width > length else { return 0..<width }
        var first = Int(random.next(below: UInt64(width)))
        for _ in 0..<width where row[first] == .max { first = first + 1 < width ? first + 1 : 0 }
        first = min(first, width - length)
        return first..<first + length
    }

    /// How many of the pieces in `words` that one row lacks the other has.
    private static func count(
        _ theirs: UnsafeMutablePointer<UInt64>, without mine: UnsafeMutablePointer<UInt64>, _ words: Range<Int>
    ) -> UInt32 {
        var count = 0
        for index in words { count &+= (theirs[index] & ~mine[index]).nonzeroBitCount }
        return UInt32(truncatingIfNeeded: count)
    }

    /// Keeps the best in falling order.
    private static func keep(
        _ entry: (score: UInt32, slot: UInt32), in best: UnsafeMutableBufferPointer<(score: UInt32, slot: UInt32)>,
        _ used: inout Int
    ) {
        var place = used
        while place > 0, best[place - 1].score < entry.score { place -= 1 }
        guard place < best.count else { return }
        var last = min(used, best.count - 1)
        while last > place {
            best[last] = best[last - 1]
            last -= 1
        }
        best[place] = entry
        if used < best.count { used += 1 }
    }
}
