// SPDX-License-Identifier: Apache-2.0

/// When seeding a torrent ends. A part that is nil is as somebody else says; 0 is never.
package struct SeedLimits: Hashable, Sendable {
    /// Bytes sent for each byte of the torrent.
    package var ratio: Double?
    /// Seconds since it was complete.
    package var time: Int64?
    /// Seconds in which nobody took anything.
    package var idle: Int64?

    /// Says nothing, where nothing is given.
    package init(ratio: Double? = nil, time: Int64? = nil, idle: Int64? = nil) {
        self.ratio = ratio
        self.time = time
        self.idle = idle
    }

    /// These, and those of `general` where these say nothing.
    package func over(_ general: SeedLimits) -> SeedLimits {
        SeedLimits(
            ratio: self.ratio ?? general.ratio, time: self.time ?? general.time, idle: self.idle ?? general.idle)
    }
}
