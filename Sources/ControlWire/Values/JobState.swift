// SPDX-License-Identifier: Apache-2.0

/// Whether a long operation still runs, and how it ended.
package enum JobState: String, Codable, CaseIterable, Sendable {
    /// It goes on.
    case running
    /// It succeeded.
    case done
    /// It did not; the error says why.
    case failed
    /// Somebody stopped it.
    case cancelled
}
