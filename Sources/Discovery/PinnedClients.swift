// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOConcurrencyHelpers
import NIOCore
import SwarmModel

/// HTTP clients that each reach one host at one address that was looked up before. The client library looks a name up for every
/// connection, and can be given an address instead only once for all: so each address of a host has a client of its own.
/// Certificates are checked by the name all the same.
final class PinnedClients: Sendable {
    /// Clients that are kept though nobody uses them.
    static let idleLimit = 16

    private struct Key: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        /// Counts up: who was used last has the largest.
        var use: UInt64 = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var uses: UInt64 = 0

        /// Takes out the one that was used least lately, of those that nobody uses, when there are too many.
        mutating func removeSurplus() -> HTTPClient? {
            let idle = self.entries.filter { $0.value.users == 0 }
            guard idle.count > PinnedClients.idleLimit, let oldest = idle.min(by: { $0.value.use < $1.value.use })
            else { return nil }
            return self.entries.removeValue(forKey: oldest.key)?.client
        }
    }

    private let group: any EventLoopGroup
    private let configuration: HTTPClient.Configuration
    private let state = NIOLockedValueBox(State())

    init(group: any EventLoopGroup, configuration: HTTPClient.Configuration = HTTPClient.Configuration()) {
        self.group = group
        self.configuration = configuration
    }

    /// The client for a host at an address; whoever takes it gives it back.
    func take(_ host: String, at address: IPAddress) -> HTTPClient {
        self.state.withLockedValue { state in
            let key = Key(host: host, address: address)
            var entry = state.entries[key] ?? Entry(client: self.make(host, address))
            state.uses += 1
            entry.users += 1
            entry.use = state.uses
            state.entries[key] = entry
            return entry.client
        }
    }

    /// Somebody is done with a client.
    func giveBack(_ host: String, at address: IPAddress) {
        let surplus = self.state.withLockedValue { state in
            state.entries[Key(host: host, address: address)]?.users -= 1
            return state.removeSurplus()
        }
        guard let surplus else { return }
        Task { try? await surplus.shutdown() }
    }

    /// How many there are.
    var count: Int { self.state.withLockedValue { $0.entries.count } }

    /// Closes all connections.
    func shutdown() async throws {
        let clients = self.state.withLockedValue { state in
            defer { state.entries = [:] }
            return state.entries.values.map(\.client)
        }
        for client in clients { try await client.shutdown() }
    }

    private func make(_ host: String, _ address: IPAddress) -> HTTPClient {
        var configuration = self.configuration
        configuration.dnsOverride = [host: "\(address)"]
        return HTTPClient(eventLoopGroupProvider: .shared(self.group), configuration: configuration)
    }
}
