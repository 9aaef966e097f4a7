// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import PeerSession
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Dials at once at most.
    static let dialsAtOnce = 16
    /// A dial that has not connected after this long has failed.
    static let dialTimeout = TimeAmount.seconds(5)

    /// Takes in addresses from a tracker or the operator and dials what there is room for.
    func add(candidates endpoints: [PeerEndpoint]) {
        let now = self.now
        for endpoint in endpoints where !self.services.bans.refuses(endpoint.address, at: now) {
            self.candidates.insert(endpoint, at: now)
        }
        self.wake()
        self.dial(at: now)
    }

    /// Dials while there is room and reason to.
    func dial(at now: Instant) {
        // A dial that fails at once ends up here again.
        guard !self.isDialling, self.phase == .downloading || self.phase == .seeding else { return }
        self.isDialling = true
        defer { self.isDialling = false }
        for _ in 0..<Self.dialsAtOnce {
            guard self.hasRoomToDial, let endpoint = self.candidates.next(at: now) else { return }
            if self.services.bans.refuses(endpoint.address, at: now) {
                self.candidates.forget(endpoint)
            } else if self.isConnected(to: endpoint) {
                // It dialled us; it counts as busy until that connection ends.
                continue
            } else if self.services.budget.take() {
                self.dial(endpoint, at: now)
            } else {
                return self.candidates.released(endpoint, pause: .seconds(10), at: now)
            }
        }
    }

    private var hasRoomToDial: Bool {
        // A seed gains nothing by calling; those who want something call it.
        guard !self.swarm.isComplete || self.connections.isEmpty else { return false }
        let limit = self.services.configuration.maximumConnectionsPerTorrent
        return self.dials.count < Self.dialsAtOnce && self.connections.count + self.dials.count < limit
    }

    func isConnected(to endpoint: PeerEndpoint) -> Bool {
        self.connections.values.contains { $0.dialAddress == endpoint }
    }

    private func dial(_ endpoint: PeerEndpoint, at now: Instant) {
        let connection = PeerConnection(
            endpoint: endpoint, isInbound: false, session: self.makeSession(.outbound, with: endpoint, at: now),
            at: now)
        self.dials[ObjectIdentifier(connection)] = connection
        let bound = NIOLoopBound((self, connection), eventLoop: self.loop)
        do {
            let address = try endpoint.socketAddress()
            ClientBootstrap(group: self.loop)
                .connectTimeout(Self.dialTimeout)
                .channelInitializer { Self.set(up: $0, for: bound) }
                .connect(to: address)
                .assumeIsolated()
                .whenFailure { _ in self.dialFailed(connection) }
        } catch {
            self.dialFailed(connection)
        }
    }

    private func dialFailed(_ connection: PeerConnection) {
        guard self.dials.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        connection.isClosed = true
        self.giveBackBudget(of: connection)
        self.candidates.failed(connection.endpoint, at: self.now)
        self.dial(at: self.now)
    }
}
