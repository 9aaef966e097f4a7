// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// When a thread that serves datagrams lets some gather before it takes the next. To wake a thread costs several times what
/// a report does, and who has sent a report goes on without its answer; who has asked for anything else waits. So reports
/// gather, and only while they come often enough, and little comes beside them. Whoever asks while they do waits for
/// `longest` at most, and then is answered at once for as long as one question follows another.
package struct ReportGathering: Sendable {
    /// The longest that anybody waits.
    package static let bearable = Interval.milliseconds(20)
    /// How long nothing gathers after a question: who asks one after another is back within a round trip.
    package static let pause = Interval.milliseconds(2)
    /// What comes is counted over as long as this.
    package static let span = Interval.milliseconds(100)

    /// A burst of datagrams, in one second, that must not fill the socket's buffer while nobody looks.
    private static let burst: Int64 = 30_000
    /// What the kernel counts for a small datagram in a buffer, where a network card is wasteful.
    private static let datagramSize: Int64 = 2_304
    /// Fewer reports a second cost less than a hundredth of a core as they come.
    private static let fewest = 400.0
    /// Reports that are enough for one batch: more would save little.
    private static let enough = 40.0
    /// So many reports must come for one of anything else.
    private static let reportsPerQuestion = 4

    /// The longest that datagrams lie in the socket.
    package let longest: Interval

    private var reports = 0
    private var questions = 0
    private var began: Instant
    /// Nothing gathers until then.
    private var resumption: Instant
    /// How long reports gather as often as they came of late; zero where that does not pay.
    private var length = Interval.zero

    /// For a socket that keeps `buffer` bytes, as the kernel counts them. Nothing has come before `now`.
    package init(buffer: Int, at now: Instant) {
        let datagrams = Int64(max(buffer, 0)) / Self.datagramSize
        let lasts = Interval(nanoseconds: min(datagrams, Self.burst) * 1_000_000_000 / Self.burst)
        self.longest = min(Self.bearable, lasts)
        self.began = now
        self.resumption = now
    }

    /// Tells of a batch that has been taken at `now` and answered: how many reports were in it, and how many datagrams of
    /// other kinds. Returns how long to leave the socket alone then; zero to take the next as soon as it is there.
    package mutating func rest(afterReports reports: Int, questions: Int, at now: Instant) -> Interval {
        self.reports += reports
        self.questions += questions
        if now - self.began >= Self.span { self.judge(at: now) }
        if questions > 0 { self.resumption = now + Self.pause }
        return reports > 0 && now >= self.resumption ? self.length : .zero
    }

    private mutating func judge(at now: Instant) {
        let rate = Double(self.reports) / (now - self.began).inSeconds
        let pays = rate >= Self.fewest && self.questions <= self.reports / Self.reportsPerQuestion
        self.length = pays ? min(self.longest, Interval(nanoseconds: Int64(Self.enough / rate * 1e9))) : .zero
        (self.reports, self.questions, self.began) = (0, 0, now)
    }
}
