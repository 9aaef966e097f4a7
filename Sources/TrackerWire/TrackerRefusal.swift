// SPDX-License-Identifier: Apache-2.0

/// A tracker's bencoded refusal: why, and when asking again makes sense (BEP 31).
package struct TrackerRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// When to ask again.
    package enum Retry: Hashable, Sendable {
        /// Not before so many minutes.
        case minutes(UInt32)
        /// Not at all.
        case never
    }

    /// The tracker's words, meant for people.
    package var reason: String
    /// The tracker's wish; nil leaves it to the client.
    package var retry: Retry?

    /// A refusal with its reason.
    package init(reason: String, retry: Retry? = nil) {
        self.reason = reason
        self.retry = retry
    }

    package var description: String {
        switch self.retry {
        case nil: self.reason
        case .minutes(let count): "\(self.reason) (again in \(count) min)"
        case .never: "\(self.reason) (not again)"
        }
    }
}
