// SPDX-License-Identifier: Apache-2.0

/// A port of ours that a router forwards.
package struct PortMapping: Hashable, Sendable {
    /// For datagrams; otherwise for connections.
    package let isUDP: Bool
    /// Our own port.
    package let port: UInt16
    /// The router's.
    package let externalPort: UInt16
    /// The router's own address; nil where it does not tell.
    package let externalAddress: String?
    /// Seconds until the router forgets it; 0 for never.
    package let lifetime: UInt32

    /// Where peers outside reach it, in words.
    package var outside: String {
        self.externalAddress.map { "\($0):\(self.externalPort)" } ?? "port \(self.externalPort)"
    }
}
