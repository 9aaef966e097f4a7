// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import PeerTransport
import SwarmConfig
import SwarmModel

extension PortMapper {
    /// What asks the router for the ports that peers come in by; nil where the operator does not want it, or where none of
    /// them is one that a router could forward.
    static func make(
        _ settings: DiscoverySettings, listening: [PeerEndpoint], _ transports: [Transport], logger: Logger
    ) -> PortMapper? {
        guard settings.portMapping else { return nil }
        // The hash table's datagrams share the port.
        let hasDatagrams = settings.dht || transports.contains { $0.carrier == .datagram }
        var ports: [UInt16] = []
        for endpoint in listening where !endpoint.address.isV6 && !endpoint.address.isLoopback {
            if !ports.contains(endpoint.port) { ports.append(endpoint.port) }
        }
        guard !ports.isEmpty else { return nil }
        var wanted: [(port: UInt16, isUDP: Bool)] = []
        for port in ports {
            wanted.append((port, false))
            if hasDatagrams { wanted.append((port, true)) }
        }
        return PortMapper(Configuration(ports: wanted), logger: logger)
    }
}

extension PortMappingStatus {
    /// How it stands, in the control protocol's words.
    init(_ status: PortMapperStatus) {
        switch status {
        case .searching: self.init(state: .searching)
        case .unmapped: self.init(state: .none)
        case .mapped(let mappings, let method):
            self.init(
                state: .mapped, method: method,
                ports: mappings.map {
                    ForwardedPort(
                        protocol: $0.isUDP ? "udp" : "tcp", port: Int($0.port), externalPort: Int($0.externalPort),
                        externalAddress: $0.externalAddress)
                })
        }
    }
}
