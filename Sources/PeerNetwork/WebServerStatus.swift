// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A copy of one web seed's figures.
package struct WebServerStatus: Hashable, Sendable {
    /// What it is doing.
    package enum Phase: Hashable, Sendable {
        /// Bytes are asked of it.
        case active
        /// Nothing is asked of it now.
        case idle
        /// It failed and is asked again later.
        case waiting
        /// It is not asked any more.
        case dropped
    }

    /// Its URL as the torrent has it.
    package var url: String
    /// What it is doing.
    package var phase: Phase
    /// Payload bytes a second from it.
    package var downloadRate: Double
    /// Payload bytes from it.
    package var downloaded: UInt64
    /// Blocks asked of it and not here yet.
    package var requests: Int
    /// What went wrong last.
    package var problem: String?
    /// Until it is asked again, where it failed.
    package var pause: Interval?
}
