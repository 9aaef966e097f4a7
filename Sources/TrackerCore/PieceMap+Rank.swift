// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension PieceMap {
    /// Reporters looked at for one answer: by their sketches, and by their rows, which are far apart in memory.
    private static let mostSketches = 64
    private static let mostRows = 24
    /// Where the asker lacks fewer of the pieces in its sketch, rows are compared.
    private static let leastLacking = 2
    /// Words of a row that are compared, a line of the processor's cache: five hundred pieces tell enough of all.
    private static let mostWords = 8
    /// Seconds after which a recommendation does not weigh any more.
    private static let windowSeconds: UInt32 = 8

    /// Appends up to `count` reporters of the family of `slot` that have the most of what it lacks, the best first. Who was
    /// recommended often lately gives way to others, and all come from a random sample, so that not all askers are sent
    /// to the same.
    func recommend(
        _ count: Int, to slot: Int, at now: UInt32, random: inout SplitMix64, into selection: inout PeerSelection
    ) {
        guard count > 0, self.reporterCount > 1 else { return }
        self.renewSketches(random: &random)
        let (present, reporters) = (self.present, self.reporters)
        let asker = present[Int(reporters[slot].place)]
        let lacking = ~asker.pieces & self.sketchMask
        let isSketched = self.rows.width == 1 || lacking.nonzeroBitCount >= Self.leastLacking
        let looks = min(isSketched ? Self.mostSketches : Self.mostRows, present.count)
        let window = UInt8(truncatingIfNeeded: now / Self.windowSeconds)
        withUnsafeTemporaryAllocation(of: RankedReporter.self, capacity: 2 * Self.mostSketches) { space in
            let candidates = UnsafeMutableBufferPointer(rebasing: space[..<looks])
            let ordered = UnsafeMutableBufferPointer(rebasing: space[looks..<2 * looks])
            self.draw(candidates, random: &random)
            if isSketched {
                self.rate(candidates, lacking: lacking, isV6: asker.isV6, window)
            } else {
                self.rate(candidates, for: slot, self.comparedWords(of: slot, random: &random), window)
            }
            let chosen = ordered[..<min(RankedReporter.order(candidates, into: ordered), count)]
            for candidate in chosen { present.change(Int(candidate.place)) { $0.recommend(in: window) } }
            selection.append(chosen.count, isV6: asker.isV6) { index in
                reporters[Int(present[Int(chosen[chosen.startIndex + index].place)].slot)].endpoint
            }
        }
    }

    /// Draws one from each of as many stretches, so that nobody comes twice; the asker may be among them.
    private func draw(_ candidates: UnsafeMutableBufferPointer<RankedReporter>, random: inout SplitMix64) {
        let count = self.reporterCount
        // Stretches in 32.32 fixed point: one division for all of them.
        let stride = UInt64(count) << 32 / UInt64(candidates.count)
        let turn = Int(random.next(below: UInt64(count)))
        var low = 0
        for look in 0..<candidates.count {
            let high = look + 1 < candidates.count ? Int((UInt64(look + 1) * stride) >> 32) : count
            var place = low + Int(random.next(below: UInt64(max(high - low, 1)))) + turn
            if place >= count { place -= count }
            candidates[look] = RankedReporter(place: UInt32(place))
            low = high
        }
    }

    /// Scores candidates by what their sketches have of what is lacking.
    private func rate(
        _ candidates: UnsafeMutableBufferPointer<RankedReporter>, lacking: UInt64, isV6: Bool, _ window: UInt8
    ) {
        let present = self.present
        for index in candidates.indices {
            let other = present[Int(candidates[index].place)]
            let news = other.isV6 == isV6 ? (other.pieces & lacking).nonzeroBitCount : 0
            candidates[index].rate(news: news, load: other.load(in: window))
        }
    }

    /// Scores candidates by what their rows have that the row of `slot` lacks. Rows are anywhere in memory, so something of
    /// all of them is looked at first: the processor waits for all at once and not for one after another.
    private func rate(
        _ candidates: UnsafeMutableBufferPointer<RankedReporter>, for slot: Int, _ words: Range<Int>, _ window: UInt8
    ) {
        // Looked up once: the compiler would ask the map for them each time.
        let (present, rows) = (self.present, self.rows)
        let mine = rows.row(slot)
        let isV6 = present[Int(self.reporters[slot].place)].isV6
        let (first, last) = (words.lowerBound, words.upperBound - 1)
        for index in candidates.indices {
            let row = rows.row(Int(present[Int(candidates[index].place)].slot))
            let more = first < last ? (row[last] & ~mine[last]).nonzeroBitCount : 0
            candidates[index].score = UInt32(truncatingIfNeeded: (row[first] & ~mine[first]).nonzeroBitCount + more)
        }
        for index in candidates.indices {
            let other = present[Int(candidates[index].place)]
            let row = rows.row(Int(other.slot))
            var news = Int(candidates[index].score)
            for word in first + 1..<max(last, first + 1) { news &+= (row[word] & ~mine[word]).nonzeroBitCount }
            candidates[index].rate(news: other.isV6 == isV6 ? news : 0, load: other.load(in: window))
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
}
