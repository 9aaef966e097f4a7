// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What the network tells the node of the distributed hash table, which shares its port for datagrams (BEP 5). All is called
/// on loops and must return at once.
package struct HashTableLink: Sendable {
    /// Whether a datagram that begins with this byte is the hash table's.
    package var claims: @Sendable (UInt8) -> Bool
    /// Takes such a datagram, and where it came from.
    package var onDatagram: @Sendable ([UInt8], PeerEndpoint) -> Void
    /// Takes in where a peer has a node.
    package var onNode: @Sendable (PeerEndpoint) -> Void

    /// Takes everything as it is.
    package init(
        claims: @escaping @Sendable (UInt8) -> Bool, onDatagram: @escaping @Sendable ([UInt8], PeerEndpoint) -> Void,
        onNode: @escaping @Sendable (PeerEndpoint) -> Void
    ) {
        self.claims = claims
        self.onDatagram = onDatagram
        self.onNode = onNode
    }
}
