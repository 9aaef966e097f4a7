// SPDX-License-Identifier: Apache-2.0

import ControlText
import SwarmModel

/// Whether a complete torrent has been served for long enough, as a value.
struct SeedingEnd: Sendable {
    let limits: SeedLimits

    init(_ limits: SeedLimits) {
        self.limits = limits
    }

    /// Whether anything ends seeding at all.
    var isSet: Bool { (self.limits.ratio ?? 0) > 0 || (self.limits.time ?? 0) > 0 || (self.limits.idle ?? 0) > 0 }

    /// Why it ends, in words; nil when it goes on. `ratio` is what was sent for each byte that is there; times are seconds,
    /// nil where they are not known.
    func reason(ratio: Double, complete: Int64?, idle: Int64?) -> String? {
        if let limit = self.limits.ratio, limit > 0, ratio >= limit {
            return "it has sent \(SizeText.ratio(limit)) times what is there"
        }
        if let limit = self.limits.time, limit > 0, let complete, complete >= limit {
            return "it has been complete for \(DurationText.duration(Int(limit)))"
        }
        if let limit = self.limits.idle, limit > 0, let idle, idle >= limit {
            return "nobody has taken anything for \(DurationText.duration(Int(limit)))"
        }
        return nil
    }
}
