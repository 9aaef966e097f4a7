// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension PieceMap {
    /// Reporters looked at for one answer.
    private static let mostCandidates = 24
    /// Words of a row that are compared, a line of the processor's cache: five hundred pieces tell enough of all.
    private static let mostWords = 8
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
        let words = self.comparedWords(of: slot, random: &random)
        let window = UInt16(truncatingIfNeeded: now / Self.windowSeconds)
        withUnsafeTemporaryAllocation(of: Candidate.self, capacity: looks + min(count, looks)) { space in
            let candidates = UnsafeMutableBufferPointer(rebasing: space[..<looks])
            let best = UnsafeMutableBufferPointer(rebasing: space[looks...])
            self.draw(candidates, random: &random)
            var used = 0
            self.rate(candidates, for: slot, words, window: window) { Self.keep($0, in: best, &used) }
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

    /// A reporter that may be recommended.
    private struct Candidate: BitwiseCopyable {
        var score: UInt32
        var slot: UInt32
        /// One, and one for each time that it was recommended lately; 0 for who is of no use to the asker.
        var weight: UInt32 = 0
    }

    /// Draws one from each of as many stretches, so that nobody comes twice; the asker may be among them.
    private func draw(_ candidates: UnsafeMutableBufferPointer<Candidate>, random: inout SplitMix64) {
        let present = self.present
        // Stretches in 32.32 fixed point: one division for all of them.
        let stride = UInt64(present.count) << 32 / UInt64(candidates.count)
        let turn = Int(random.next(below: UInt64(present.count)))
        for look in 0..<candidates.count {
            let low = Int((UInt64(look) * stride) >> 32)
            let high = look + 1 < candidates.count ? Int((UInt64(look + 1) * stride) >> 32) : present.count
            var place = low + Int(random.next(below: UInt64(max(high - low, 1)))) + turn
            if place >= present.count { place -= present.count }
            candidates[look] = Candidate(score: 0, slot: present[place])
        }
    }

    /// Calls `body` with those that have something that `slot` lacks, with their scores. Rows and reporters are
    /// anywhere in memory, so something of all of them is looked at first: the processor waits for all at once and not for
    /// one after another.
    private func rate(
        _ candidates: UnsafeMutableBufferPointer<Candidate>, for slot: Int, _ words: Range<Int>, window: UInt16,
        _ body: (Candidate) -> Void
    ) {
        // Looked up once: the compiler would ask the map for them each time.
        let (reporters, rows) = (self.reporters, self.rows)
        let mine = rows.row(slot)
        let isV6 = reporters[slot].endpoint.address.isV6
        let (first, last) = (words.lowerBound, words.upperBound - 1)
        for index in candidates.indices {
            let other = Int(candidates[index].slot)
            let (row, reporter) = (rows.row(other), reporters[other])
            let load = reporter.window == window ? UInt32(reporter.recommended) : 0
            candidates[index].weight = other != slot && reporter.endpoint.address.isV6 == isV6 ? load + 1 : 0
            let ends = row[first] & ~mine[first]
            let more = first < last ? row[last] & ~mine[last] : 0
            candidates[index].score = UInt32(truncatingIfNeeded: ends.nonzeroBitCount + more.nonzeroBitCount)
        }
        for candidate in candidates where candidate.weight > 0 {
            let row = rows.row(Int(candidate.slot))
            var missing = 0
            for word in first + 1..<max(last, first + 1) { missing &+= (row[word] & ~mine[word]).nonzeroBitCount }
            let score = (candidate.score &+ UInt32(truncatingIfNeeded: missing)) &* 64 / candidate.weight
            if score > 0 { body(Candidate(score: score, slot: candidate.slot)) }
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

    /// Keeps the best in falling order.
    private static func keep(
        _ entry: Candidate, in best: UnsafeMutableBufferPointer<Candidate>, _ used: inout Int
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
