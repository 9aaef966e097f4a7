// SPDX-License-Identifier: Apache-2.0

/// Where a torrent goes in the queue.
package enum QueueStep: String, Codable, CaseIterable, Sendable {
    /// Before all others.
    case top
    /// Before the one that is before it.
    case up
    /// Behind the one that is behind it.
    case down
    /// Behind all others.
    case bottom
}
