// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A viewer who watches the payload from its first byte while it is being fetched.
package struct Playback: Hashable, Sendable {
    /// When the first piece could be shown; nil when it never came.
    package private(set) var startedAt: Instant?
    /// How often it stood still after that.
    package private(set) var stalls = 0
    /// For how long altogether.
    package private(set) var stalledFor = Interval.zero
    /// How long the viewer has waited for pieces, the first one included; nil when some never came.
    package var waited: Interval? {
        guard let startedAt = self.startedAt, self.shown == self.pieceCount else { return nil }
        return startedAt - self.joinedAt + self.stalledFor
    }
    /// Pieces that were shown.
    package private(set) var shown = 0
    private let joinedAt: Instant
    private let pieceCount: Int

    /// Plays what a node stored, at `rate` bytes a second, from when the first `buffered` pieces are there. It stands
    /// still for good at a piece that never came.
    package init(of outcome: NodeOutcome, geometry: TorrentGeometry, rate: Double, buffered: Int = 1) {
        self.joinedAt = outcome.joinedAt
        self.pieceCount = geometry.pieceCount
        guard geometry.pieceCount > 0, let ready = Self.ready(outcome.pieceTimes.prefix(buffered)) else { return }
        self.startedAt = ready
        var clock = ready
        for (index, time) in outcome.pieceTimes.enumerated() {
            guard let time else {
                self.stalls += 1
                return
            }
            if time > clock {
                self.stalls += 1
                self.stalledFor = self.stalledFor + (time - clock)
                clock = time
            }
            self.shown += 1
            let length = Double(geometry.length(of: PieceIndex(index)))
            clock = clock + Interval(nanoseconds: Int64(length / rate * 1e9))
        }
    }

    private static func ready(_ times: ArraySlice<Instant?>) -> Instant? {
        let there = times.compactMap { $0 }
        return there.count == times.count ? there.max() : nil
    }
}
