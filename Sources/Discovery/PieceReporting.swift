// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// What one peer tells one tracker of its pieces, and when: a value that is told the time, which pieces are here, and what
/// came of each report. One report is under way at a time; what it brings is counted as told only when it is answered,
/// and goes into the next one otherwise.
struct PieceReporting: Sendable {
    /// The numbers by which reports are timed.
    struct Policy: Sendable {
        /// How often to report while the tracker has not said.
        var firstPeriod = Interval.seconds(5)
        /// Rare news and completion go out no sooner than so long after the last report.
        var shortest = Interval.milliseconds(500)
        /// Wait after a report that nobody answered; doubles up to `longestRetry`.
        var firstRetry = Interval.seconds(1)
        /// The longest wait after a failure: a tracker that comes back shall know everything within half a minute.
        var longestRetry = Interval.seconds(8)
        /// Wait where the tracker takes no reports.
        var unwantedPause = Interval.seconds(600)
        /// Most bytes of pieces in one report.
        var payload = PieceReport.datagramPayload
    }

    /// One report that is to be sent.
    struct Message: Hashable, Sendable {
        let report: PieceReport
        let payload: [UInt8]
        /// What the tracker knows when it has taken it.
        fileprivate let told: Bitfield
        fileprivate let isPartial: Bool
    }

    private let peer: MappedPeer
    private let policy: Policy
    private var random: SplitMix64
    private var have: Bitfield
    /// What the tracker knows, as far as we know.
    private var told: Bitfield
    private var needsWhole = true
    private var isPartial = false
    private var sequence: UInt32 = 0
    private var epoch: UInt32 = 0
    private var failures: Int64 = 0
    private var isUnderWay = false
    private(set) var period: Interval
    private var lastSent: Instant
    private var due: Instant
    /// The tracker does not know us: an announce is to go first.
    private(set) var needsAnnounce = false

    /// Reports for `peer`, first at `now`.
    init(peer: MappedPeer, have: Bitfield, policy: Policy = Policy(), random: SplitMix64, at now: Instant) {
        self.peer = peer
        self.policy = policy
        self.random = random
        self.have = have
        self.told = Bitfield(count: have.count)
        self.period = policy.firstPeriod
        self.lastSent = now - policy.firstPeriod
        self.due = now
    }

    /// Whether the tracker took the last report.
    private(set) var isKnown = false

    /// When `next(at:)` will have something; nil while a report is under way or an announce is to go first.
    var deadline: Instant? { self.isUnderWay || self.needsAnnounce ? nil : self.due }

    /// The pieces that are here now. `isUrgent` reports them soon: the first piece, or one that hardly anybody has.
    mutating func update(have: Bitfield, isUrgent: Bool, at now: Instant) {
        let isFirst = self.have.isEmpty && !have.isEmpty
        self.have = have
        if self.told.hasBitOutside(have) { self.needsWhole = true }
        guard isFirst || isUrgent, self.failures == 0 else { return }
        self.due = min(self.due, max(now, self.lastSent + self.policy.shortest))
    }

    /// We have announced ourselves: reports are taken.
    mutating func announced(at now: Instant) {
        guard self.needsAnnounce else { return }
        self.needsAnnounce = false
        self.due = now
    }

    /// The report to send now, if one is due. What came of it must be told before the next is given. It may bring nothing
    /// new: then it says that we are still here.
    mutating func next(at now: Instant) -> Message? {
        guard let deadline = self.deadline, deadline <= now else { return nil }
        self.isUnderWay = true
        self.lastSent = now
        self.sequence &+= 1
        let isWhole = self.needsWhole
        let base = isWhole ? Bitfield(count: self.have.count) : self.told
        var news = self.have
        base.forEachSet { news.remove($0) }
        let encoded = EncodedPieces(news, limit: self.policy.payload)
        var told = base
        news.forEachSet { if $0 < encoded.end { told.insert($0) } }
        let report = PieceReport(
            peer: self.peer, isWhole: isWhole, encoding: encoded.encoding, sequence: self.sequence, epoch: self.epoch,
            pieceCount: UInt32(self.have.count), sum: PieceChecksum(told))
        return Message(
            report: report, payload: encoded.payload, told: told, isPartial: told.setCount < self.have.setCount)
    }

    /// The tracker answered.
    mutating func answered(_ answer: PieceReportAnswer, to message: Message, at now: Instant) {
        self.isUnderWay = false
        self.failures = 0
        self.period = max(answer.period, self.policy.shortest)
        self.epoch = answer.epoch
        self.isKnown = answer.verdict == .known
        switch answer.verdict {
        case .known:
            self.told = message.told
            self.needsWhole = self.told.hasBitOutside(self.have)
            // What did not fit into one report follows at once.
            self.due = message.isPartial || self.needsWhole ? now : now + self.jittered(self.period)
        case .resync:
            self.needsWhole = true
            self.due = now + self.delay(upTo: self.policy.shortest)
        case .unregistered:
            self.needsWhole = true
            self.needsAnnounce = true
        case .unwanted:
            self.needsWhole = true
            self.due = now + self.policy.unwantedPause
        }
    }

    /// Nobody answered, or it was no answer.
    mutating func failed(at now: Instant) {
        self.isUnderWay = false
        self.isKnown = false
        let wait = Interval(
            nanoseconds: min(
                self.policy.firstRetry.nanoseconds << min(self.failures, 10), self.policy.longestRetry.nanoseconds))
        self.failures += 1
        self.due = now + self.jittered(wait)
    }

    /// Up to a tenth less, so that peers that started together drift apart and nobody is late.
    private mutating func jittered(_ interval: Interval) -> Interval {
        interval - self.delay(upTo: Interval(nanoseconds: interval.nanoseconds / 10))
    }

    private mutating func delay(upTo most: Interval) -> Interval {
        Interval(nanoseconds: Int64(self.random.next(below: UInt64(max(most.nanoseconds, 1)))))
    }
}
