// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import TrackerWire

extension AnnounceSchedule {
    /// Tells what came of the announce that `next(at:)` gave.
    package mutating func record(_ outcome: AnnounceOutcome, of announcement: Announcement, at now: Instant) {
        guard self.inFlight == announcement.tracker else { return }
        self.inFlight = nil
        switch outcome {
        case .accepted(let response): self.accept(response, of: announcement, at: now)
        case .failed(let reason, let retry): self.fail(reason, retry, of: announcement.tracker, at: now)
        }
    }

    private mutating func accept(_ response: AnnounceResponse, of announcement: Announcement, at now: Instant) {
        let index = announcement.tracker
        let interval = response.interval.clamped(to: self.policy.interval)
        let minimum = (response.minimumInterval ?? min(self.policy.minimum, interval))
            .clamped(to: self.policy.minimumFloor...max(self.policy.minimumFloor, interval))
        self.trackers[index].accept(response, earliest: now + minimum, at: now)
        if announcement.event == .completed { self.owesCompleted = false }
        self.current = index
        self.moveToFront(index)
        let regular = max(minimum, interval.varied(by: self.policy.intervalJitter, &self.random))
        self.due = self.owesCompleted ? now : now + regular
    }

    /// The announce stays due: the next tracker that may be asked takes it.
    private mutating func fail(_ reason: String, _ retry: AnnounceOutcome.Retry, of index: Int, at now: Instant) {
        self.trackers[index].failures += 1
        self.trackers[index].state = .failing
        self.trackers[index].message = reason
        switch retry {
        case .backOff:
            let wait = self.policy.retry(after: self.trackers[index].failures)
            self.trackers[index].retryAt = now + wait.varied(by: self.policy.retryJitter, &self.random)
        case .after(let interval):
            let wait = interval.clamped(to: self.policy.firstRetry...self.policy.refusalLimit)
            self.trackers[index].refusedUntil = now + wait
        case .never:
            self.trackers[index].state = .disabled
        }
    }

    private mutating func moveToFront(_ index: Int) {
        for tier in self.tiers.indices {
            guard let place = self.tiers[tier].firstIndex(of: index) else { continue }
            self.tiers[tier].remove(at: place)
            self.tiers[tier].insert(index, at: 0)
        }
    }
}

extension TrackerStanding {
    mutating func accept(_ response: AnnounceResponse, earliest: Instant, at now: Instant) {
        self.state = .working
        self.message = response.warning
        self.seeds = response.complete
        self.leechers = response.incomplete
        self.received = response.peers.count
        self.lastAnswer = now
        self.failures = 0
        self.isStarted = true
        // A tracker that does not repeat its id still wants the last one.
        if let trackerID = response.trackerID { self.trackerID = trackerID }
        self.earliest = earliest
        self.retryAt = nil
        self.refusedUntil = nil
    }
}
