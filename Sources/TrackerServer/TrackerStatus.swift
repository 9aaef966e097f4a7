// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The line that `systemctl status` shows, made of the figures of two moments.
package final class TrackerStatus: Sendable {
    private let last = Mutex<(announces: UInt64, at: ContinuousClock.Instant)?>(nil)

    /// Nothing has been shown yet.
    package init() {}

    /// `3 swarms, 120 peers; 4 announces/s`. The rate is that since the last call.
    package func text(_ figures: TrackerFigures, at now: ContinuousClock.Instant = .now) -> String {
        let before = self.last.withLock { last in
            defer { last = (figures.announces, now) }
            return last
        }
        let counts =
            "\(figures.torrents) swarm\(figures.torrents == 1 ? "" : "s"), "
            + "\(figures.peers) peer\(figures.peers == 1 ? "" : "s")"
        guard let before, now > before.at, figures.announces >= before.announces else { return counts }
        let rate = Double(figures.announces - before.announces) / ((now - before.at) / .seconds(1))
        return "\(counts); \(Int(rate.rounded())) announces/s"
    }
}
