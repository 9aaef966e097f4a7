// SPDX-License-Identifier: Apache-2.0

import ControlWire
import DHT
import Discovery
import SwarmModel

extension TrackerStatus {
    /// A tracker's standing in the control protocol's words; times become those of the wall clock.
    init(_ report: TrackerReport) {
        let standing = report.standing
        let now = Int(WallClock.now())
        self.init(
            url: standing.url, tier: standing.tier, state: TrackerState(standing.state), message: standing.message,
            seeds: standing.seeds.map { Int(clamping: $0) }, peers: standing.leechers.map { Int(clamping: $0) },
            received: standing.received, lastAnnounce: report.sinceAnswer.map { now - Int($0.inSeconds) },
            nextAnnounce: report.untilNext.map { now + Int($0.inSeconds) }, failures: standing.failures)
    }
}

extension TrackerStatus {
    /// The hash table as if it were a tracker: it answers the same question.
    init(_ report: HashTableReport) {
        let now = Int(WallClock.now())
        let last = report.last
        let hasEnded = report.sinceEnd != nil
        let state: TrackerState =
            report.nodes == 0 ? .failing : !hasEnded ? .announcing : last.answers > 0 ? .working : .failing
        let message: String? =
            report.nodes == 0
            ? "no node of the hash table has been reached"
            : hasEnded ? "\(last.answers) nodes answered, \(last.announced) were told" : nil
        self.init(
            url: TrackerStatus.hashTableURL, tier: TrackerStatus.hashTableTier, state: state, message: message,
            received: hasEnded ? last.peers : nil, lastAnnounce: report.sinceEnd.map { now - Int($0.inSeconds) },
            nextAnnounce: report.untilNext.map { now + Int($0.inSeconds) }, failures: state == .failing ? 1 : 0)
    }
}

extension TrackerState {
    fileprivate init(_ state: TrackerStanding.State) {
        switch state {
        case .idle: self = .idle
        case .announcing: self = .announcing
        case .working: self = .working
        case .failing: self = .failing
        case .disabled: self = .disabled
        }
    }
}
