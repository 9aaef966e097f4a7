// SPDX-License-Identifier: Apache-2.0

import Discovery
import SwarmModel

/// Whether a web seed may be asked, when again, and what is wrong with it.
struct WebSeedStanding {
    /// Pauses after failures in a row: the first, doubled each time, and the longest. Where a file is missing they are longer.
    private static let firstPause: Int64 = 10
    private static let firstPauseWhereMissing: Int64 = 300
    private static let longestPause: Int64 = 1_800
    /// Failures in a row that are probably the server's way, until it is asked no more.
    private static let patience = 3

    /// When it may be asked again; nil for now.
    private(set) var readyAt: Instant?
    /// Why it is asked no more.
    private(set) var dropReason: String?
    /// What went wrong last, until something works.
    private(set) var problem: String?
    /// Failures in a row.
    private(set) var failures = 0

    /// Whether it may be asked now.
    func isReady(at now: Instant) -> Bool { self.dropReason == nil && self.readyAt.map { $0 <= now } ?? true }

    /// It gave what it was asked for.
    mutating func succeeded() {
        self.failures = 0
        self.problem = nil
        self.readyAt = nil
    }

    /// It is not asked any more.
    mutating func drop(because reason: String) {
        self.dropReason = self.dropReason ?? reason
        self.problem = self.dropReason
    }

    /// It did not give what it was asked for.
    mutating func failed(_ fault: RangeFault, at now: Instant) {
        self.failures += 1
        self.problem = fault.description
        switch fault.weight {
        case .lasting: self.drop(because: fault.description)
        case .doubtful where self.failures >= Self.patience: self.drop(because: fault.description)
        case .doubtful, .passing: self.readyAt = now + self.pause(after: fault)
        }
    }

    private func pause(after fault: RangeFault) -> Interval {
        var first = Self.firstPause
        if case .status(let status, let retryAfter) = fault {
            if let retryAfter { return retryAfter }
            if [401, 403, 404, 410].contains(status) { first = Self.firstPauseWhereMissing }
        }
        return .seconds(min(first << Int64(min(self.failures - 1, 20)), Self.longestPause))
    }
}
