// SPDX-License-Identifier: Apache-2.0

import ControlWire
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
