// SPDX-License-Identifier: Apache-2.0

import ControlWire

/// A place among all that ever happened with one state, over restarts. To clients it is a word without a meaning.
struct EventCursor: Hashable, Sendable, CustomStringConvertible {
    /// What tells this state's events from those of any other.
    let history: UInt32
    /// The run of the daemon in its upper half, the number within the run in the lower.
    let sequence: Int64

    init(history: UInt32, sequence: Int64) {
        self.history = history
        self.sequence = sequence
    }

    /// The place before the first event of a run.
    static func beginning(ofRun run: Int64) -> Int64 { run << 32 }

    /// Reads what `description` gives; throws `invalidParams` for anything else.
    init(_ text: String) throws(ControlError) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 8, let history = UInt32(parts[0], radix: 16),
            let run = UInt32(parts[1]), run <= UInt32(Int32.max), let number = UInt32(parts[2])
        else {
            throw ControlError(
                .invalidParams,
                "since: \u{201C}\(text.prefix(64))\u{201D} is no cursor; take that of an event, or \(EventsSubscribe.start)"
            )
        }
        self.init(history: history, sequence: Self.beginning(ofRun: Int64(run)) | Int64(number))
    }

    var description: String {
        let digits = String(self.history, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
            + "-\(self.sequence >> 32)-\(self.sequence & 0xFFFF_FFFF)"
    }
}
