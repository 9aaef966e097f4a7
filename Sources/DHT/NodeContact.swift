// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A node and where it is reached.
package struct NodeContact: Hashable, Sendable, BitwiseCopyable {
    /// Which node.
    package let id: NodeID
    /// Its address and UDP port.
    package let endpoint: PeerEndpoint

    /// Pairs an id with a place.
    package init(id: NodeID, endpoint: PeerEndpoint) {
        self.id = id
        self.endpoint = endpoint
    }

    /// The compact form: the id, then the compact endpoint (BEP 5, BEP 32).
    package var compact: [UInt8] { self.id.bytes + self.endpoint.compact }

    /// Whether its id is one that its address may have (BEP 42).
    package var isValid: Bool { self.id.isValid(at: self.endpoint.address) }

    /// Bytes of a compact contact.
    static func compactLength(isV6: Bool) -> Int { isV6 ? 38 : 26 }

    /// Reads compact contacts one after the other; nil when the length is no multiple of one's. Those of the other family
    /// (mapped addresses) are left out.
    static func list(compact bytes: ArraySlice<UInt8>, isV6: Bool) -> [NodeContact]? {
        let length = Self.compactLength(isV6: isV6)
        guard bytes.count % length == 0 else { return nil }
        return stride(from: bytes.startIndex, to: bytes.endIndex, by: length).compactMap { start in
            guard let id = NodeID(bytes: bytes[start..<start + 20]),
                let endpoint = PeerEndpoint(compact: bytes[(start + 20)..<(start + length)]),
                endpoint.address.isV6 == isV6
            else { return nil }
            return NodeContact(id: id, endpoint: endpoint)
        }
    }
}
