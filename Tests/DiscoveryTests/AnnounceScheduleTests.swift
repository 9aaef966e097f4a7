// SPDX-License-Identifier: Apache-2.0

import Discovery
import SwarmModel
import Testing
import TrackerWire

@Suite struct AnnounceScheduleTests {
    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

    private func schedule(_ tiers: [[String]], seed: UInt64 = 1) -> AnnounceSchedule {
        AnnounceSchedule(tiers: tiers, random: SplitMix64(seed: seed), at: self.at(0))
    }

    private func accepted(_ interval: Int64 = 1_800, minimum: Int64? = nil) -> AnnounceOutcome {
        var response = AnnounceResponse(interval: .seconds(interval))
        response.minimumInterval = minimum.map { .seconds($0) }
        return .accepted(response)
    }

    /// The announce that is due, which there must be.
    private func take(_ schedule: inout AnnounceSchedule, _ now: Instant) throws -> Announcement {
        guard let announcement = schedule.next(at: now) else { throw NothingDue(at: now) }
        return announcement
    }

    /// What would be due, left in place.
    private func peek(_ schedule: AnnounceSchedule, at now: Instant) -> Announcement? {
        var copy = schedule
        return copy.next(at: now)
    }

    private struct NothingDue: Error { let at: Instant }

    private let failure = AnnounceOutcome.failed(reason: "down", retry: .backOff)

    private func seconds(_ instant: Instant?) throws -> Double { (try #require(instant) - self.at(0)).inSeconds }

    @Test func `the first announce is due at once and says started`() throws {
        var schedule = self.schedule([["a"]])
        #expect(schedule.deadline == self.at(0))
        let first = try self.take(&schedule, self.at(0))
        #expect(first.url == "a" && first.event == .started)
        #expect(schedule.deadline == nil)
        #expect(self.peek(schedule, at: self.at(99)) == nil, "one at a time")
        schedule.record(self.accepted(), of: first, at: self.at(1))
        #expect(self.peek(schedule, at: self.at(1_500)) == nil)
        let second = try self.take(&schedule, self.at(2_100))
        #expect(second.event == .none)
    }

    @Test func `the interval is varied by a tenth at most and differs between torrents`() throws {
        var deadlines: Set<Instant> = []
        for seed in UInt64(0)..<200 {
            var schedule = self.schedule([["a"]], seed: seed)
            schedule.record(self.accepted(1_000), of: try self.take(&schedule, self.at(0)), at: self.at(0))
            let wait = try self.seconds(schedule.deadline)
            #expect(wait >= 900 && wait <= 1_100)
            deadlines.insert(try #require(schedule.deadline))
        }
        #expect(deadlines.count > 190)
    }

    @Test(arguments: [(0, 10.0), (1, 10.0), (10_000_000, 86_400.0)])
    func `an interval that is no sense is brought into bounds`(interval: Int64, expected: Double) throws {
        var schedule = self.schedule([["a"]])
        schedule.record(self.accepted(interval), of: try self.take(&schedule, self.at(0)), at: self.at(0))
        let wait = try self.seconds(schedule.deadline)
        #expect(wait >= expected * 0.9 && wait <= expected * 1.1)
    }

    @Test func `failures double the wait up to half an hour, with jitter`() throws {
        var schedule = self.schedule([["a"]])
        var now = self.at(0)
        for failures in 1...14 {
            let announcement = try self.take(&schedule, now)
            #expect(announcement.event == .started)
            schedule.record(self.failure, of: announcement, at: now)
            let nominal = min(1_800, 5 * Double(1 << (failures - 1)))
            let deadline = try #require(schedule.deadline)
            let wait = (deadline - now).inSeconds
            #expect(wait >= nominal * 0.8 && wait <= nominal * 1.2)
            #expect(self.peek(schedule, at: Instant(nanoseconds: deadline.nanoseconds - 1)) == nil)
            #expect(schedule.trackers[0].failures == failures && schedule.trackers[0].state == .failing)
            now = deadline
        }
        schedule.record(self.accepted(), of: try self.take(&schedule, now), at: now)
        #expect(schedule.trackers[0].failures == 0 && schedule.trackers[0].state == .working)
    }

    @Test func `a tier is used up before the next, and who answers moves to its front`() throws {
        var schedule = self.schedule([["a", "b", "c"], ["d"]], seed: 3)
        var order: [String] = []
        for _ in 0..<3 {
            let announcement = try self.take(&schedule, self.at(0))
            order.append(announcement.url)
            schedule.record(self.failure, of: announcement, at: self.at(0))
        }
        #expect(Set(order) == ["a", "b", "c"])
        let backup = try self.take(&schedule, self.at(0))
        #expect(backup.url == "d")
        schedule.record(self.accepted(), of: backup, at: self.at(0))
        // The first tier is tried again before the second at the next announce, in its order.
        let later = self.at(2_000)
        let retried = try self.take(&schedule, later)
        #expect(retried.url == order[0])
        schedule.record(self.failure, of: retried, at: later)
        let second = try self.take(&schedule, later)
        #expect(second.url == order[1] && second.event == .started)
        schedule.record(self.accepted(), of: second, at: later)
        let next = try self.take(&schedule, self.at(5_000))
        #expect(next.url == order[1], "it is at the front now")
        #expect(next.event == .none)
    }

    @Test func `the order within a tier is drawn, the same for the same seed`() throws {
        let urls = (0..<8).map { "t\($0)" }
        func first(_ seed: UInt64) throws -> String {
            var schedule = self.schedule([urls], seed: seed)
            return try self.take(&schedule, self.at(0)).url
        }
        let firsts = try (UInt64(0)..<100).map(first)
        #expect(Set(firsts).count == 8)
        #expect(try firsts == (UInt64(0)..<100).map(first))
    }

    @Test func `completed goes out at once, once, and only after started`() throws {
        var schedule = self.schedule([["a"]])
        schedule.complete(at: self.at(0))
        let started = try self.take(&schedule, self.at(0))
        #expect(started.event == .started)
        schedule.record(self.accepted(minimum: 600), of: started, at: self.at(1))
        let completed = try self.take(&schedule, self.at(1))
        #expect(completed.event == .completed, "events do not wait for the min interval")
        schedule.record(self.failure, of: completed, at: self.at(1))
        let again = try self.take(&schedule, self.at(10))
        #expect(again.event == .completed, "until a tracker has heard it")
        schedule.record(self.accepted(), of: again, at: self.at(10))
        #expect(self.peek(schedule, at: self.at(3_000))?.event == AnnounceEvent.none)
    }

    @Test func `completed while an announce is under way follows it`() throws {
        var schedule = self.schedule([["a"]])
        let started = try self.take(&schedule, self.at(0))
        schedule.complete(at: self.at(1))
        #expect(self.peek(schedule, at: self.at(1)) == nil)
        schedule.record(self.accepted(), of: started, at: self.at(2))
        #expect(schedule.deadline == self.at(2))
        #expect(self.peek(schedule, at: self.at(2))?.event == .completed)
    }

    @Test func `stopped goes to every tracker that may know us and to no other`() throws {
        var schedule = self.schedule([["a"], ["b"], ["c"]])
        let first = try self.take(&schedule, self.at(0))
        schedule.record(self.failure, of: first, at: self.at(0))
        let second = try self.take(&schedule, self.at(0))
        var response = AnnounceResponse(interval: .seconds(100))
        response.trackerID = [1, 2]
        schedule.record(.accepted(response), of: second, at: self.at(0))
        let third = try self.take(&schedule, self.at(200))
        #expect(third.url == "a", "under way when the end comes")
        let last = schedule.stop()
        #expect(last.map(\.url) == ["a", "b"])
        #expect(last.allSatisfy { $0.event == .stopped })
        #expect(last.last?.trackerID == [1, 2])
        let more = schedule.stop()
        #expect(more.isEmpty)
        #expect(schedule.deadline == nil)
        #expect(self.peek(schedule, at: self.at(9_999)) == nil)
    }

    @Test func `nothing is stopped that was never started`() {
        var schedule = self.schedule([["a"]])
        let more = schedule.stop()
        #expect(more.isEmpty)
    }

    @Test func `announce now respects the min interval and ends our own waits`() throws {
        var schedule = self.schedule([["a"], ["b"]])
        let first = try self.take(&schedule, self.at(0))
        schedule.record(self.failure, of: first, at: self.at(0))
        let second = try self.take(&schedule, self.at(0))
        schedule.record(self.accepted(minimum: 120), of: second, at: self.at(0))
        let wanted = schedule.announceNow(at: self.at(1))
        #expect(wanted == self.at(120))
        #expect(self.peek(schedule, at: self.at(119)) == nil)
        #expect(self.peek(schedule, at: self.at(120))?.url == "a")
        var fresh = self.schedule([["a"]])
        fresh.record(self.failure, of: try self.take(&fresh, self.at(0)), at: self.at(0))
        let fresher = fresh.announceNow(at: self.at(1))
        #expect(fresher == self.at(1))
    }

    @Test func `more peers are asked for after the min interval, or a minute when there is none`() throws {
        for (minimum, expected) in [(Int64?.none, Int64(60)), (30, 30), (1, 5), (9_999, 1_800)] {
            var schedule = self.schedule([["a"]])
            schedule.record(
                self.accepted(minimum: minimum), of: try self.take(&schedule, self.at(0)), at: self.at(0))
            schedule.wantPeers(at: self.at(2))
            #expect(schedule.deadline == self.at(expected))
        }
    }

    @Test func `retry in is honoured, never means never until somebody asks`() throws {
        var schedule = self.schedule([["a"]])
        let first = try self.take(&schedule, self.at(0))
        schedule.record(.failed(reason: "full", retry: .after(.seconds(900))), of: first, at: self.at(0))
        #expect(schedule.deadline == self.at(900))
        schedule.announceNow(at: self.at(10))
        #expect(schedule.deadline == self.at(900), "the tracker's wish stands")
        let second = try self.take(&schedule, self.at(900))
        schedule.record(.failed(reason: "unregistered", retry: .never), of: second, at: self.at(900))
        #expect(schedule.deadline == nil)
        #expect(schedule.trackers[0].state == .disabled && schedule.trackers[0].message == "unregistered")
        let asked = schedule.announceNow(at: self.at(1_000))
        #expect(asked == self.at(1_000))
    }

    @Test func `what the tracker said is remembered`() throws {
        var schedule = self.schedule([["a"]])
        var response = AnnounceResponse(interval: .seconds(100))
        response.complete = 5
        response.incomplete = 7
        response.warning = "old client"
        response.trackerID = [9]
        schedule.record(.accepted(response), of: try self.take(&schedule, self.at(0)), at: self.at(3))
        let standing = schedule.trackers[0]
        #expect(standing.seeds == 5 && standing.leechers == 7 && standing.received == 0)
        #expect(standing.message == "old client" && standing.lastAnswer == self.at(3))
        #expect(self.peek(schedule, at: self.at(500))?.trackerID == [9])
    }

    @Test func `trackers without number, twice or without a name do no harm`() {
        let schedule = self.schedule([["a", "", "a"], [], ["a"], (0..<500).map { "u\($0)" }])
        #expect(schedule.trackers.count == AnnounceSchedule.maximumTrackers)
        #expect(schedule.trackers.filter { $0.url == "a" }.count == 1)
        #expect(self.peek(schedule, at: self.at(0))?.url == "a")
        var none = self.schedule([])
        #expect(none.deadline == nil && self.peek(none, at: self.at(0)) == nil)
        let asked = none.announceNow(at: self.at(0))
        #expect(asked == nil)
    }

    @Test func `any mixture of outcomes keeps the schedule live and honest`() throws {
        var random = SplitMix64(seed: 11)
        for seed in UInt64(0)..<50 {
            var schedule = self.schedule([["a", "b"], ["c"]], seed: seed)
            var now = self.at(0)
            var started: Set<String> = []
            for _ in 0..<200 {
                guard let deadline = schedule.deadline else {
                    #expect(schedule.trackers.allSatisfy { $0.state == .disabled })
                    schedule.announceNow(at: now)
                    continue
                }
                now = max(now, deadline)
                let announcement = try self.take(&schedule, now)
                #expect(announcement.event == .started || started.contains(announcement.url))
                #expect(announcement.event != .started || !started.contains(announcement.url))
                switch random.next(below: 6) {
                case 0: schedule.record(self.failure, of: announcement, at: now)
                case 1:
                    let retry = AnnounceOutcome.Retry.after(.seconds(Int64(random.next(below: 1_000))))
                    schedule.record(.failed(reason: "x", retry: retry), of: announcement, at: now)
                case 2: schedule.record(.failed(reason: "x", retry: .never), of: announcement, at: now)
                default:
                    started.insert(announcement.url)
                    schedule.record(
                        self.accepted(Int64(random.next(below: 5_000))), of: announcement, at: now)
                }
                if random.next(below: 5) == 0 { schedule.complete(at: now) }
                if random.next(below: 5) == 0 { schedule.wantPeers(at: now) }
            }
            let last = schedule.stop()
            #expect(Set(last.map(\.url)) == started)
        }
    }
}
