// SPDX-License-Identifier: Apache-2.0

package import TrackerWire

/// Why an announce was not answered with peers.
package enum TrackerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The URL cannot be announced to: its scheme or form.
    case unsupported(String)
    /// No connection, no name, no answer in time; the reason.
    case unreachable(String)
    /// An answer of another status than 200, with the beginning of its body.
    case status(Int, excerpt: String, retryAfter: UInt32?)
    /// Not what a tracker answers: why not, and how it begins.
    case garbage(String, excerpt: String)
    /// The tracker's own refusal.
    case refused(TrackerRefusal)
    /// Whoever asked does not wait any longer.
    case cancelled

    package var description: String {
        switch self {
        case .unsupported(let why): why
        case .unreachable(let why): why
        case .status(let status, let excerpt, _):
            excerpt.isEmpty ? "the tracker answered HTTP \(status)" : "the tracker answered HTTP \(status): \(excerpt)"
        case .garbage(let why, let excerpt): "\(why); it begins \"\(excerpt)\""
        case .refused(let refusal): "the tracker refuses: \(refusal)"
        case .cancelled: "cancelled"
        }
    }

    /// The more telling of two errors of the same tracker comes first.
    var rank: Int {
        switch self {
        case .refused: 0
        case .garbage: 1
        case .status: 2
        case .unsupported: 3
        case .unreachable: 4
        case .cancelled: 5
        }
    }
}
