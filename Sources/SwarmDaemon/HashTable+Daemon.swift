// SPDX-License-Identifier: Apache-2.0

import DHT
import Discovery
import Logging
import PeerNetwork
import PeerTransport
import StateStore
import SwarmConfig
import SwarmModel

extension HashTable {
    /// The node that the operator wants; nil for none. It does nothing before `start`.
    static func make(_ settings: DiscoverySettings, state: StateStore, logger: Logger) async throws -> HashTable? {
        guard settings.dht else { return nil }
        var configuration = Configuration()
        configuration.bootstrap = settings.dhtBootstrap
        configuration.isReadOnly = settings.dhtReadOnly
        configuration.snapshot = try await state.hashTable() ?? []
        return HashTable(configuration, logger: logger)
    }

    /// What the network tells it.
    nonisolated var link: HashTableLink {
        HashTableLink(
            claims: { HashTable.claims(firstByte: $0) }, onDatagram: { self.receive($0, from: $1) },
            onNode: { endpoint in Task { await self.heardOfNode(at: endpoint) } })
    }

    /// Begins on the ports that the network listens on.
    func start(on network: PeerNetwork, listening: [PeerEndpoint], _ transports: [Transport]) {
        var families: AddressFamilies = []
        for endpoint in listening { families.insert(AddressFamilies(isV6: endpoint.address.isV6)) }
        // Behind a router the port of our datagrams is the one by which peers come in over datagrams.
        let comesByDatagram = transports.contains { $0.carrier == .datagram }
        self.start(
            Connection(families: families, port: comesByDatagram ? nil : listening.first?.port) {
                network.send(datagram: $0, to: $1)
            })
    }
}
