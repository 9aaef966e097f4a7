// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The peers of one answer, packed as announces carry them. Made once and used again, so that an answer allocates
/// nothing.
package struct PeerSelection: Hashable, Sendable {
    /// Six bytes a peer (BEP 23).
    package internal(set) var packedV4 = PackedPeers(capacity: 200 * 6)
    /// Eighteen bytes a peer (BEP 7).
    package internal(set) var packedV6 = PackedPeers(capacity: 200 * 18)

    /// No peers.
    package init() {}

    /// How many peers there are.
    package var count: Int { self.packedV4.count / 6 + self.packedV6.count / 18 }

    /// Empties it and keeps its memory.
    package mutating func removeAll() {
        self.packedV4.removeAll()
        self.packedV6.removeAll()
    }
}

extension PeerSelection {
    /// Appends one peer.
    mutating func append(_ endpoint: PeerEndpoint) {
        if let address = PeerAddressV4(endpoint) {
            self.packedV4.append(upTo: PeerAddressV4.packedLength) { target in
                address.write(to: target)
                return PeerAddressV4.packedLength
            }
        } else if let address = PeerAddressV6(endpoint) {
            self.packedV6.append(upTo: PeerAddressV6.packedLength) { target in
                address.write(to: target)
                return PeerAddressV6.packedLength
            }
        }
    }

    /// Appends `count` peers of one family, asked for by number.
    @inline(__always)
    mutating func append(_ count: Int, isV6: Bool, _ endpoint: (Int) -> PeerEndpoint) {
        if isV6 {
            self.packedV6.append(count) { PeerAddressV6(endpoint($0)) }
        } else {
            self.packedV4.append(count) { PeerAddressV4(endpoint($0)) }
        }
    }

    /// The peers as endpoints, IPv4 first: for answers in the dictionary form.
    package var endpoints: [PeerEndpoint] {
        Self.endpoints(self.packedV4, width: 6) + Self.endpoints(self.packedV6, width: 18)
    }

    private static func endpoints(_ packed: PackedPeers, width: Int) -> [PeerEndpoint] {
        let bytes = packed.bytes
        return stride(from: 0, to: bytes.count, by: width).compactMap {
            PeerEndpoint(compact: bytes[$0..<min($0 + width, bytes.count)])
        }
    }
}
