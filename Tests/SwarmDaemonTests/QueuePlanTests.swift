// SPDX-License-Identifier: Apache-2.0

import StateStore
import SwarmConfig
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite struct QueuePlanTests {
    private static func hash(_ number: UInt8) -> InfoHash { InfoHash(bytes: [UInt8](repeating: number, count: 20))! }

    private static func candidate(_ number: UInt8, complete: Bool = false, stuck: Bool = false) -> QueuePlan.Candidate {
        QueuePlan.Candidate(infoHash: Self.hash(number), isComplete: complete, isStuck: stuck)
    }

    @Test func `the first ones take part, downloads and seeds apart`() {
        let candidates = [
            Self.candidate(1), Self.candidate(2, complete: true), Self.candidate(3), Self.candidate(4, complete: true),
            Self.candidate(5), Self.candidate(6),
        ]
        let plan = QueuePlan(candidates, downloads: 2, seeds: 1)
        #expect(plan.admitted == [Self.hash(1), Self.hash(2), Self.hash(3)])
        #expect(plan.positions == [Self.hash(4): 1, Self.hash(5): 1, Self.hash(6): 2])
        #expect(plan.waiting.downloads == 2 && plan.waiting.seeds == 1)
        let open = QueuePlan(candidates, downloads: 0, seeds: 0)
        #expect(open.admitted.count == 6 && open.positions.isEmpty)
    }

    @Test func `one that stands still takes nobody's place`() {
        let plan = QueuePlan(
            [Self.candidate(1, stuck: true), Self.candidate(2), Self.candidate(3)], downloads: 1, seeds: 0)
        #expect(plan.admitted == [Self.hash(1), Self.hash(2)])
        #expect(plan.positions == [Self.hash(3): 1])
    }

    @Test func `seeding ends by ratio, time or idleness, whichever comes first`() {
        let settings = DaemonConfiguration().queue
        #expect(!SeedingEnd(settings.seedLimits).isSet)
        let end = SeedingEnd(SeedLimits(ratio: 1.5, time: 100, idle: 50))
        #expect(end.isSet)
        #expect(end.reason(ratio: 1.4, complete: 49, idle: 49) == nil)
        #expect(end.reason(ratio: 1.5, complete: 1, idle: 1) == "it has sent 1.50 times what is there")
        #expect(end.reason(ratio: 0, complete: 100, idle: 10) == "it has been complete for 1m 40s")
        #expect(end.reason(ratio: 0, complete: nil, idle: nil) == nil)
        #expect(end.reason(ratio: 0, complete: 60, idle: 50) == "nobody has taken anything for 50s")
        // A clock that was set back.
        #expect(end.reason(ratio: 0, complete: -900, idle: 0) == nil)
    }

    @Test func `limits of its own go before the configured ones, never among them`() {
        let general = SeedLimits(ratio: 2, time: 60, idle: 0)
        let own = SeedLimits(ratio: 0, idle: 30)
        #expect(own.over(general) == SeedLimits(ratio: 0, time: 60, idle: 30))
    }

    @Test func `what moves either way is activity, what is sent keeps a seed from being idle`() {
        func totals(_ up: UInt64, _ down: UInt64) -> TorrentTotals {
            TorrentTotals(infoHash: Self.hash(1), uploaded: up, downloaded: down)
        }
        var activity = TorrentActivity(totals(5, 5), now: 100)
        activity.note(totals(5, 5), now: 130)
        #expect(activity.sent == 100 && activity.moved == 100)
        activity.note(totals(5, 6), now: 160)
        #expect(activity.sent == 100 && activity.moved == 160)
        activity.note(totals(6, 6), now: 190)
        activity.note(totals(6, 6), now: 220)
        #expect(activity.sent == 190 && activity.moved == 190)
    }
}
