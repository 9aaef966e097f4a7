// SPDX-License-Identifier: Apache-2.0

/// What ranking looks at of a reporter: sixteen bytes, where its row and what else is known of it are a thousand. All of a
/// torrent lie side by side, so that looking at many of them stays within the processor's cache.
struct ReporterSketch: BitwiseCopyable {
    /// Which it has of the pieces that are compared at present: a word of its row.
    var pieces: UInt64 = 0
    let slot: UInt32
    /// How often it was recommended in `window`.
    var recommended: UInt16 = 0
    /// When, in windows of the tracker's clock, of which only what differs soon is kept.
    var window: UInt8 = 0
    let isV6: Bool

    init(slot: Int, isV6: Bool) {
        self.slot = UInt32(slot)
        self.isV6 = isV6
    }

    /// How often it was recommended lately.
    @inline(__always)
    func load(in window: UInt8) -> UInt32 { self.window == window ? UInt32(self.recommended) : 0 }

    mutating func recommend(in window: UInt8) {
        if self.window != window { self.recommended = 0 }
        self.window = window
        if self.recommended < .max { self.recommended += 1 }
    }
}
