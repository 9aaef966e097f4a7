// SPDX-License-Identifier: Apache-2.0

/// Decides for one torrent whether blocks are worth compressing. In `auto` that is while a link is slower than the
/// processor compresses and the data shrinks; data that does not shrink is let be at once, and looked at again after ever
/// more bytes. Knows neither clock nor link: what was measured of both is passed in.
package struct CompressionPolicy: Hashable, Sendable, BitwiseCopyable {
    /// What is known of the data.
    package enum Phase: Hashable, Sendable, BitwiseCopyable {
        /// Nothing: a block is compressed to see.
        case trying
        /// It shrinks.
        case using
        /// It does not, for so many bytes more.
        case resting(left: Int)
    }

    /// A block is sent compressed when that saves this share of it at least.
    package static let leastSaving = 1.0 / 16
    /// Compression goes on while it saves this share of all that is compressed.
    package static let worthwhileSaving = 0.1
    /// It must be faster than the link by this factor, so that nobody waits for it.
    package static let headroom = 1.25
    /// Raw bytes over which it is judged while it goes on.
    package static let judgedLength = 256 << 10
    /// Raw bytes that go out until data that did not shrink is looked at again; doubled each time that it does not.
    package static let rest = (shortest: 4 << 20, longest: 256 << 20)

    /// What the operator wants. May be changed at any time.
    package var mode: CompressionMode
    /// What is known of the data.
    package private(set) var phase = Phase.trying
    private var nextRest = Self.rest.shortest
    private var raw = 0
    private var compressed = 0

    /// A policy that knows nothing of the data yet.
    package init(mode: CompressionMode) {
        self.mode = mode
    }

    /// The most bytes that a block may have compressed to be sent so.
    package static func limit(for length: Int) -> Int { length - max(1, Int(Double(length) * Self.leastSaving)) }

    /// Whether nothing is compressed whatever the link: it is not wanted, or the data does not shrink.
    package var isResting: Bool {
        switch self.mode {
        case .always: return false
        case .never: return true
        case .auto:
            if case .resting = self.phase { return true }
            return false
        }
    }

    /// Whether blocks for a link are to be compressed now. `linkRate` is what the link carries in bytes a second, nil while it
    /// does not hold anything up; `speed` is how many raw bytes a second can be compressed.
    package func wantsCompression(linkRate: Double?, speed: Double) -> Bool {
        switch self.mode {
        case .never: return false
        case .always: return true
        case .auto:
            guard !self.isResting, let linkRate else { return false }
            return linkRate * Self.headroom <= speed
        }
    }

    /// A block was compressed, of `raw` bytes to so many; as many as before when it did not shrink enough.
    package mutating func blockCompressed(raw: Int, to compressed: Int) {
        switch self.phase {
        case .resting: return
        case .trying:
            self.raw = raw
            self.compressed = compressed
        case .using:
            self.raw += raw
            self.compressed += compressed
            guard self.raw >= Self.judgedLength else { return }
        }
        guard Double(self.compressed) <= Double(self.raw) * (1 - Self.worthwhileSaving) else { return self.begin() }
        self.phase = .using
        self.nextRest = Self.rest.shortest
        self.raw /= 2
        self.compressed /= 2
    }

    /// `raw` bytes of blocks went out, in whatever form.
    package mutating func uploaded(_ raw: Int) {
        guard case .resting(let left) = self.phase else { return }
        self.phase = left > raw ? .resting(left: left - raw) : .trying
    }

    /// Begins a rest.
    private mutating func begin() {
        self.phase = .resting(left: self.nextRest)
        self.nextRest = min(Self.rest.longest, 2 * self.nextRest)
        self.raw = 0
        self.compressed = 0
    }
}
