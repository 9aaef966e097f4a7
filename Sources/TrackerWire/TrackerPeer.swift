// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A peer in a tracker's answer: where it listens and, in the dictionary form, perhaps how it calls itself.
package struct TrackerPeer: Hashable, Sendable {
    /// Where it listens; never port 0.
    package var endpoint: PeerEndpoint
    /// Its name, when the answer gave one.
    package var peerID: PeerID?

    /// A peer, named or not.
    package init(_ endpoint: PeerEndpoint, peerID: PeerID? = nil) {
        self.endpoint = endpoint
        self.peerID = peerID
    }
}
