// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore

@Suite struct ReportGatheringTests {
    /// A machine and the clock of the thread that asks it.
    private struct Thread {
        var now = Instant(nanoseconds: 7_000_000_000)
        var gathering: ReportGathering

        init(buffer: Int = 8 << 20) {
            self.gathering = ReportGathering(buffer: buffer, at: self.now)
        }

        /// Time passes, then a batch comes.
        mutating func take(
            _ reports: Int, _ questions: Int = 0, after interval: Interval = .zero
        ) -> Interval {
            self.now = self.now + interval
            return self.gathering.rest(afterReports: reports, questions: questions, at: self.now)
        }

        /// Reports come one by one, evenly, as many a second; returns the last rest.
        mutating func report(_ rate: Int64, for length: Interval = .milliseconds(300)) -> Interval {
            let step = Interval(nanoseconds: 1_000_000_000 / rate)
            let end = self.now + length
            var rest = Interval.zero
            while self.now < end { rest = self.take(1, after: step) }
            return rest
        }
    }

    @Test func `reports that come often gather, for longer the fewer they are`() {
        var thread = Thread()
        #expect(thread.report(2_000) == ReportGathering.bearable)
        let many = thread.report(20_000)
        #expect(many > .zero && many < ReportGathering.bearable)
        let most = thread.report(200_000)
        #expect(most > .zero && most < many)
        #expect(thread.report(500) == ReportGathering.bearable)
    }

    @Test func `a small buffer does not let them gather for long`() {
        var thread = Thread(buffer: 2 * 212_992)
        let rest = thread.report(2_000)
        #expect(rest == thread.gathering.longest && rest > .zero && rest < ReportGathering.bearable)
        // Of datagrams as large as the kernel makes them for some cards.
        #expect(30_000 * rest.inSeconds * 2_304 <= 2 * 212_992)
        for buffer in [0, -1, 100] {
            var thread = Thread(buffer: buffer)
            #expect(thread.report(2_000) == .zero)
        }
        #expect(Thread(buffer: .max).gathering.longest == ReportGathering.bearable)
    }

    @Test func `what gathers is no more than a batch takes`() {
        for rate: Int64 in [2_000, 10_000, 40_000, 300_000] {
            var thread = Thread()
            #expect(thread.report(rate).inSeconds * Double(rate) < 64)
        }
    }

    @Test func `nothing gathers before it is known how often reports come`() {
        var thread = Thread()
        var rests: [Interval] = []
        let end = thread.now + ReportGathering.span
        while thread.now < end - .milliseconds(1) { rests.append(thread.take(1, after: .milliseconds(1))) }
        #expect(rests.count > 90 && rests.allSatisfy { $0 == .zero })
        #expect(thread.take(1, after: .milliseconds(1)) == ReportGathering.bearable)
    }

    @Test func `few reports do not gather`() {
        var thread = Thread()
        #expect(thread.report(100, for: .seconds(5)) == .zero)
        #expect(thread.report(2_000) > .zero)
        #expect(thread.report(100, for: .seconds(1)) == .zero)
    }

    @Test func `the first reports after a silence do not gather`() {
        var thread = Thread()
        #expect(thread.report(2_000) > .zero)
        #expect(thread.take(1, after: .seconds(10)) == .zero)
        #expect(thread.take(1, after: .milliseconds(1)) == .zero)
    }

    @Test func `a question ends gathering at once, for as long as others follow it`() {
        var thread = Thread()
        #expect(thread.report(2_000) > .zero)
        #expect(thread.take(7, 1) == .zero)
        let almost = ReportGathering.pause - .milliseconds(1)
        #expect(thread.take(1, after: almost) == .zero)
        #expect(thread.take(0, 1) == .zero)
        #expect(thread.take(1, after: almost) == .zero)
        #expect(thread.take(1, after: .milliseconds(1)) == ReportGathering.bearable)
    }

    @Test func `lone questions among many reports do not end gathering for long`() {
        var thread = Thread()
        _ = thread.report(2_000)
        for _ in 0..<100 {
            #expect(thread.take(0, 1) == .zero)
            #expect(thread.take(1, after: ReportGathering.pause) == ReportGathering.bearable)
            #expect(thread.report(2_000, for: .milliseconds(20)) == ReportGathering.bearable)
        }
    }

    @Test func `where questions are many, nothing gathers`() {
        var thread = Thread()
        var rest = Interval.zero
        for _ in 0..<500 {
            _ = thread.take(1, after: .milliseconds(1))
            _ = thread.take(1)
            _ = thread.take(0, 1)
            rest = thread.take(1, after: ReportGathering.pause)
        }
        #expect(rest == .zero)
    }

    @Test func `one who asks in a loop waits once, however long the loop is`() {
        var thread = Thread()
        var rest = thread.report(2_000)
        var waits = 0
        let began = thread.now
        // A question a round trip after each answer, and reports beside them: each ends a rest at the latest.
        for _ in 0..<5_000 {
            if rest > .zero { waits += 1 }
            _ = thread.take(0, 1, after: rest)
            rest = thread.take(1, after: .milliseconds(1))
        }
        #expect(thread.now - began > .seconds(5))
        #expect(waits == 1)
        // When it has ended, all is as it was.
        #expect(thread.report(2_000) == ReportGathering.bearable)
    }

    @Test func `a question alone is never a reason to rest`() {
        var thread = Thread()
        for rate: Int64 in [500, 2_000, 50_000] {
            #expect(thread.report(rate) > .zero)
            #expect(thread.take(0, 64) == .zero)
            #expect(thread.take(0, 0, after: .seconds(1)) == .zero)
        }
    }
}
