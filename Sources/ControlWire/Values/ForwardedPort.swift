// SPDX-License-Identifier: Apache-2.0

/// A port of the daemon's that a router forwards.
package struct ForwardedPort: ControlObject {
    /// `tcp` or `udp`.
    package var `protocol`: String
    /// The daemon's port.
    package var port: Int
    /// The router's port.
    package var externalPort: Int
    /// The router's own address; absent where it does not tell.
    package var externalAddress: String?

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case `protocol`
        case port
        case externalPort = "external_port"
        case externalAddress = "external_address"
    }

    /// Takes the fields as they are.
    package init(protocol name: String, port: Int, externalPort: Int, externalAddress: String? = nil) {
        self.protocol = name
        self.port = port
        self.externalPort = externalPort
        self.externalAddress = externalAddress
    }
}
