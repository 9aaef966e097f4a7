// SPDX-License-Identifier: Apache-2.0

/// What came of asking the router to forward the ports that peers come in by.
package struct PortMappingStatus: ControlObject {
    /// How it stands.
    package var state: PortMappingState
    /// How the router is spoken to: `NAT-PMP` or `UPnP`; absent while none answers.
    package var method: String?
    /// The ports that it forwards.
    package var ports: [ForwardedPort]

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case state
        case method
        case ports
    }

    /// Takes the fields as they are.
    package init(state: PortMappingState, method: String? = nil, ports: [ForwardedPort] = []) {
        self.state = state
        self.method = method
        self.ports = ports
    }
}
