// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension TrackerReport {
    /// What is told of a tracker that knows a torrent by two names (BEP 52): what holds for the name that it likes better,
    /// and why it does not like the other. A peer may be in both swarms, so the larger counts.
    func merged(with other: TrackerReport, names: (InfoHash, InfoHash)) -> TrackerReport {
        let isFirstBetter = self.standing.state.rank <= other.standing.state.rank
        let (better, worse) = isFirstBetter ? (self, other) : (other, self)
        var standing = better.standing
        standing.seeds = [self.standing.seeds, other.standing.seeds].compactMap(\.self).max()
        standing.leechers = [self.standing.leechers, other.standing.leechers].compactMap(\.self).max()
        let received = [self.standing.received, other.standing.received].compactMap(\.self)
        standing.received = received.isEmpty ? nil : received.reduce(0, +)
        if better.standing.state.isGood, !worse.standing.state.isGood, let message = worse.standing.message {
            standing.message = "as \(isFirstBetter ? names.1 : names.0): \(message)"
        }
        return TrackerReport(
            standing: standing, sinceAnswer: [self.sinceAnswer, other.sinceAnswer].compactMap(\.self).min(),
            untilNext: [self.untilNext, other.untilNext].compactMap(\.self).min())
    }
}

extension TrackerStanding.State {
    /// The smaller, the more there is to say for it.
    fileprivate var rank: Int {
        switch self {
        case .working: 0
        case .announcing: 1
        case .idle: 2
        case .failing: 3
        case .disabled: 4
        }
    }

    /// Nothing is wrong.
    fileprivate var isGood: Bool { self.rank < 3 }
}
