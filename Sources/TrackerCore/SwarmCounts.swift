// SPDX-License-Identifier: Apache-2.0

/// How many take part in a torrent. A peer known under two addresses counts once.
package struct SwarmCounts: Hashable, Sendable, BitwiseCopyable {
    /// Peers that have everything.
    package var complete = 0
    /// Peers that do not.
    package var incomplete = 0
    /// How many became complete while the tracker ran.
    package var downloaded: UInt32 = 0

    /// Nobody.
    package init() {}

    init(complete: Int, incomplete: Int, downloaded: UInt32) {
        self.complete = complete
        self.incomplete = incomplete
        self.downloaded = downloaded
    }
}
