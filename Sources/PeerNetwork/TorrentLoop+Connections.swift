// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
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
        let limit = self.services.limits.current.connectionsPerTorrent
        return self.dials.count < Self.dialsAtOnce && self.connections.count + self.dials.count < limit
    }

    private func isConnected(to endpoint: PeerEndpoint) -> Bool {
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

    /// Ends all connections, and those that are only being made.
    func closeAll() {
        for connection in Array(self.connections.values) { self.close(connection) }
        for connection in Array(self.dials.values) {
            self.dials[ObjectIdentifier(connection)] = nil
            connection.isClosed = true
            self.giveBackBudget(of: connection)
            connection.context?.close(promise: nil)
        }
    }

    private func giveBackBudget(of connection: PeerConnection) {
        guard connection.holdsBudget else { return }
        connection.holdsBudget = false
        self.services.budget.giveBack()
    }

    /// Makes a moved inbound socket one of ours.
    func adopt(descriptor: CInt, from endpoint: PeerEndpoint, firstBytes: ByteBuffer) {
        let limit = self.services.limits.current.connectionsPerTorrent
        guard self.phase != .stopped, self.connections.count < limit, self.services.budget.take() else {
            Glibc.close(descriptor)
            return
        }
        let now = self.now
        let session = self.makeSession(.inbound, with: endpoint, at: now)
        let connection = PeerConnection(
            endpoint: endpoint, isInbound: true, session: session, at: now, firstBytes: firstBytes)
        let bound = NIOLoopBound((self, connection), eventLoop: self.loop)
        ClientBootstrap(group: self.loop)
            .channelInitializer { Self.set(up: $0, for: bound) }
            .withConnectedSocket(descriptor)
            .assumeIsolated()
            .whenFailure { _ in self.giveBackBudget(of: connection) }
    }

    private static func set(
        up channel: any Channel, for bound: NIOLoopBound<(TorrentLoop, PeerConnection)>
    ) -> EventLoopFuture<Void> {
        PeerChannelOptions.apply(to: channel).assumeIsolated().flatMapThrowing {
            let (torrent, connection) = bound.value
            let handler = PeerChannelHandler(torrent: torrent, connection: connection)
            try channel.pipeline.syncOperations.addHandler(handler)
        }.nonisolated()
    }

    private func makeSession(
        _ role: PeerSession.Role, with endpoint: PeerEndpoint, at now: Instant
    ) -> PeerSession {
        let configuration = self.services.configuration
        var settings = PeerSession.Configuration(
            role: role, infoHash: self.infoHash, localID: configuration.peerID, geometry: self.geometry)
        settings.listenPort = self.services.listenPort
        settings.clientName = configuration.clientName
        let requestQueue = self.services.limits.current.requestQueue
        settings.acceptedRequestLimit = requestQueue
        settings.maximumWindow = requestQueue
        settings.blockPatience = configuration.blockPatience
        settings.externalAddressOfPeer = endpoint.address
        settings.isUploadOnly = self.swarm.isComplete
        return PeerSession(settings, have: self.swarm.have, at: now)
    }

    // MARK: - The life of a connection

    /// The channel is active: the handshake goes out, and what came with the socket is read.
    func connected(_ connection: PeerConnection) {
        self.dials[ObjectIdentifier(connection)] = nil
        guard !connection.isClosed,
            self.connections.updateValue(connection, forKey: ObjectIdentifier(connection)) == nil
        else { return }
        guard self.phase != .stopped else { return self.close(connection) }
        self.wake()
        connection.session.start(at: self.now)
        if let firstBytes = connection.firstBytes {
            connection.firstBytes = nil
            // Our handshake first: should the peer be ourselves, only the side that dialled can learn the lesson.
            self.flush(connection)
            self.received(firstBytes, on: connection)
        }
        self.finishWakeUp(of: connection)
    }

    /// The handshake is done: the peer gets its number, unless it is here already.
    func handshakeCompleted(_ connection: PeerConnection, at now: Instant) {
        let id = connection.session.remotePeerID
        if let twin = self.peers.lazy.compactMap({ $0 }).first(where: { $0.session.remotePeerID == id }) {
            // Both sides may have dialled at once. Both keep the connection that the smaller id dialled.
            let weDialFirst = self.services.configuration.peerID.bytes.lexicographicallyPrecedes(id?.bytes ?? [])
            guard twin.isInbound == weDialFirst, connection.isInbound != twin.isInbound else {
                return self.close(connection)
            }
            self.close(twin)
        }
        let slot = self.peers.firstIndex { $0 == nil } ?? self.peers.count
        if slot == self.peers.count { self.peers.append(nil) }
        self.peers[slot] = connection
        connection.slot = slot
        if let address = connection.dialAddress { self.candidates.markBusy(address) }
        self.swarm.peerJoined(slot, at: now)
    }

    /// Ends a connection. What it owed is free for others.
    func close(_ connection: PeerConnection) {
        guard !connection.isClosed else { return }
        connection.isClosed = true
        let context = connection.context
        self.forget(connection)
        context?.close(promise: nil)
    }

    /// The channel is gone. What it owed is asked of others.
    func disconnected(_ connection: PeerConnection) {
        connection.isClosed = true
        self.forget(connection)
        // Later, because this may be in the middle of something that flushed.
        if self.hasFreedBlocks { self.askIdlePeersSoon() }
    }

    /// Ends connections with addresses that were banned since the last call, by whichever torrent.
    func dropBanned(at now: Instant) {
        let generation = self.services.bans.generation
        guard generation != self.seenBans else { return }
        self.seenBans = generation
        for connection in Array(self.connections.values)
        where self.services.bans.refuses(connection.endpoint.address, at: now) {
            self.close(connection)
        }
    }

    private func forget(_ connection: PeerConnection) {
        guard self.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        self.giveBackBudget(of: connection)
        let now = self.now
        if let slot = connection.slot {
            connection.slot = nil
            self.peers[slot] = nil
            self.swarm.peerLeft(slot, at: now)
            self.hasFreedBlocks = true
            self.releaseAddress(of: connection, at: now)
        } else if connection.session.ending == .ownPeerID {
            if !connection.isInbound { self.candidates.exclude(connection.endpoint) }
        } else if !connection.isInbound, !self.isConnected(to: connection.endpoint) {
            self.candidates.failed(connection.endpoint, at: now)
        }
    }

    /// A connection that had worked has ended: its address may be dialled again after a while.
    private func releaseAddress(of connection: PeerConnection, at now: Instant) {
        guard let address = connection.dialAddress, !self.isConnected(to: address) else { return }
        let isUseless = self.swarm.isComplete && connection.session.remoteIsSeed
        self.candidates.released(address, pause: .seconds(isUseless ? 1_800 : 15), at: now)
    }
}
