// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a tracker answers a report with: sixteen bytes.
package struct PieceReportAnswer: Hashable, Sendable, BitwiseCopyable {
    /// What became of the report.
    package enum Verdict: UInt16, Hashable, Sendable, CaseIterable, BitwiseCopyable {
        /// The tracker knows what the peer has.
        case known = 0
        /// It does not: it wants the whole set.
        case resync = 1
        /// It does not know the peer: an announce is to come first, then the whole set.
        case unregistered = 2
        /// It takes no reports of this peer: it is a seed, the torrent has another number of pieces, or there is no room.
        case unwanted = 3
    }

    /// Drawn by the tracker when it starts, never 0: another one means that it has forgotten everything.
    package var epoch: UInt32
    /// Report so often; silence for three times as long, and ten seconds, counts as leaving. Up to 65 s, in milliseconds.
    package var period: Interval
    /// What became of the report.
    package var verdict: Verdict

    /// An answer.
    package init(epoch: UInt32, period: Interval, verdict: Verdict) {
        self.epoch = epoch
        self.period = period
        self.verdict = verdict
    }

    /// Reads what follows the transaction of an answer; nil when it is none. A verdict that nobody knows is `unwanted`.
    init?(body: Span<UInt8>) {
        guard body.count >= 8 else { return nil }
        self.epoch = body.number32(at: 0)
        self.period = .milliseconds(Int64(body.number16(at: 4)))
        self.verdict = Verdict(rawValue: body.number16(at: 6)) ?? .unwanted
    }
}
