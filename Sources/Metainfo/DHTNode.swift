// SPDX-License-Identifier: Apache-2.0

/// A node of the DHT that a torrent recommends (BEP 5, `nodes`): a name or address, and a port.
package struct DHTNode: Hashable, Sendable {
    /// A host name or an address in text form.
    package let host: String
    /// The UDP port, never 0.
    package let port: UInt16

    /// Pairs a host with a port.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}
