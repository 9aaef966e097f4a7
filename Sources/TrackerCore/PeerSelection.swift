// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The peers of one answer, packed as announces carry them. Made once and used again, so that an answer allocates
/// nothing.
package struct PeerSelection: Hashable, Sendable {
    /// Six bytes a peer (BEP 23).
    package internal(set) var packedV4: [UInt8] = []
    /// Eighteen bytes a peer (BEP 7).
    package internal(set) var packedV6: [UInt8] = []

    /// No peers.
    package init() {
        self.packedV4.reserveCapacity(200 * 6)
    }

    /// How many peers there are.
    package var count: Int { self.packedV4.count / 6 + self.packedV6.count / 18 }

    /// Empties it and keeps its memory.
    package mutating func removeAll() {
        self.packedV4.removeAll(keepingCapacity: true)
        self.packedV6.removeAll(keepingCapacity: true)
    }
}

extension PeerSelection {
    /// The peers as endpoints, IPv4 first: for answers in the dictionary form.
    package var endpoints: [PeerEndpoint] {
        let v4 = stride(from: 0, to: self.packedV4.count, by: 6).compactMap {
            PeerEndpoint(compact: self.packedV4[$0..<min($0 + 6, self.packedV4.count)])
        }
        let v6 = stride(from: 0, to: self.packedV6.count, by: 18).compactMap {
            PeerEndpoint(compact: self.packedV6[$0..<min($0 + 18, self.packedV6.count)])
        }
        return v4 + v6
    }
}
