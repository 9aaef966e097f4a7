// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What `announce_peer` says (BEP 5, BEP 33).
package struct KRPCAnnouncement: Hashable, Sendable {
    /// Which torrent.
    package var infoHash: InfoHash
    /// Where peers are accepted; nil for the port that the datagram came from (`implied_port`).
    package var port: UInt16?
    /// What the node gave out before.
    package var token: [UInt8]
    /// Whether everything is there.
    package var isSeed: Bool

    /// An announcement as it is.
    package init(infoHash: InfoHash, port: UInt16?, token: [UInt8], isSeed: Bool) {
        self.infoHash = infoHash
        self.port = port
        self.token = token
        self.isSeed = isSeed
    }
}
