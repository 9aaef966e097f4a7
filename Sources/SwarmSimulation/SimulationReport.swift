// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a run came to.
package struct SimulationReport: Hashable, Sendable {
    /// Why it ended.
    package enum Ending: Hashable, Sendable {
        /// What was waited for has come.
        case over
        /// No payload came for too long.
        case quiet
        /// The time was up.
        case outOfTime
    }

    /// A node that lacks something which a node in reach has.
    package struct Stuck: Hashable, Sendable {
        /// Who lacks it.
        package let node: Int
        /// Who has it.
        package let holder: Int
    }

    /// What chance was made of.
    package let seed: UInt64
    /// Why the run ended.
    package let ending: Ending
    /// When.
    package let time: Instant
    /// What became of each node.
    package let nodes: [NodeOutcome]
    /// Of a run that did not end because all was over: whoever could have gone on.
    package let stuck: [Stuck]
    /// A digest of every segment that came anywhere, its time, way and bytes.
    package let fingerprint: UInt64
    /// Events that were worked through.
    package let eventCount: Int
    /// Bytes of the payload.
    package let totalLength: UInt64

    /// Those that came to fetch, and did not go before they had everything.
    package var fetchers: [NodeOutcome] {
        self.nodes.filter { !$0.isSeed && ($0.completedAt != nil || $0.leftAt == nil) }
    }

    /// How long those took that have finished, in seconds, the first to finish first.
    package var durations: [Double] { self.fetchers.compactMap { $0.duration?.inSeconds }.sorted() }

    /// The middle of `durations`; infinite when less than half of the fetchers have finished.
    package var medianDuration: Double {
        let durations = self.durations
        let middle = (self.fetchers.count - 1) / 2
        return durations.indices.contains(middle) ? durations[middle] : .infinity
    }

    /// The share of payload that came in vain.
    package var wastedShare: Double {
        let all = self.nodes.reduce(0) { $0 + $1.downloaded }
        return all == 0 ? 0 : Double(self.nodes.reduce(0) { $0 + $1.wasted }) / Double(all)
    }

    /// How many times the payload went out of those that had it from the beginning.
    package var seedCopies: Double {
        let sent = self.nodes.reduce(0) { $0 + ($1.isSeed ? $1.uploaded : 0) }
        return Double(sent) / Double(max(self.totalLength, 1))
    }

    /// How evenly those that finished have paid for it, by what each had sent until then: Jain's index, 1 when all have
    /// sent alike, towards 0 when few have sent all.
    package var fairness: Double {
        let given = self.fetchers.filter { $0.completedAt != nil }.map { Double($0.uploadedBefore) }
        let sum = given.reduce(0, +)
        let squares = given.reduce(0) { $0 + $1 * $1 }
        return squares == 0 ? 1 : sum * sum / (Double(given.count) * squares)
    }
}

extension Simulation {
    func report(_ ending: SimulationReport.Ending) -> SimulationReport {
        SimulationReport(
            seed: self.seed, ending: ending, time: self.now, nodes: self.nodes.map(\.outcome),
            stuck: ending == .over ? [] : self.stuckNodes(), fingerprint: self.fingerprint.value,
            eventCount: self.eventCount, totalLength: self.geometry.totalLength)
    }
}
