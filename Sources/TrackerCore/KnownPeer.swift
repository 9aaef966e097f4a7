// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A peer as one node tells another of it: what is needed to hand it out.
package struct KnownPeer: Hashable, Sendable, BitwiseCopyable {
    /// Where it is reached.
    package var endpoint: PeerEndpoint
    /// Whether it has everything.
    package var isSeed: Bool
    /// Seconds for which it may still be handed out.
    package var lifetime: UInt16

    /// Takes the parts as they are.
    package init(endpoint: PeerEndpoint, isSeed: Bool, lifetime: UInt16) {
        self.endpoint = endpoint
        self.isSeed = isSeed
        self.lifetime = lifetime
    }
}
