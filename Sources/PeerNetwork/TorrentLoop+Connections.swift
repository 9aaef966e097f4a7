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
        self.dial(at: now)
    }

    /// Dials while there is room and reason to.
    func dial(at now: Instant) {
        guard self.phase == .downloading || self.phase == .seeding else { return }
        let limit = self.services.configuration.maximumConnectionsPerTorrent
        while self.dialling < Self.dialsAtOnce, self.connections.count + self.dialling < limit {
            // A seed gains nothing by calling; those who want something call it.
            guard !self.swarm.isComplete || self.connections.isEmpty, let endpoint = self.candidates.next(at: now)
            else { return }
            guard self.services.budget.take() else {
                return self.candidates.released(endpoint, pause: .seconds(10), at: now)
            }
            self.dial(endpoint, at: now)
        }
    }

    private func dial(_ endpoint: PeerEndpoint, at now: Instant) {
        self.dialling += 1
        let connection = PeerConnection(
            endpoint: endpoint, isInbound: false, session: self.makeSession(.outbound, with: endpoint, at: now),
            at: now)
        let bound = NIOLoopBound((self, connection), eventLoop: self.loop)
        let connected = ClientBootstrap(group: self.loop)
            .connectTimeout(Self.dialTimeout)
            .channelInitializer { Self.set(up: $0, for: bound) }
        let address = Result { try endpoint.socketAddress() }
        let future = address.map { connected.connect(to: $0) }
        switch future {
        case .success(let future):
            future.assumeIsolated().whenComplete { self.dialled(connection, $0.map { _ in () }) }
        case .failure(let error):
            self.dialled(connection, .failure(error))
        }
    }

    private func dialled(_ connection: PeerConnection, _ result: Result<Void, any Error>) {
        self.dialling -= 1
        guard case .failure = result else { return }
        self.services.budget.giveBack()
        self.candidates.failed(connection.endpoint, at: self.now)
        self.dial(at: self.now)
    }

    /// Makes a moved inbound socket one of ours.
    func adopt(descriptor: CInt, from endpoint: PeerEndpoint, firstBytes: ByteBuffer) {
        let limit = self.services.configuration.maximumConnectionsPerTorrent
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
            .whenFailure { _ in self.services.budget.giveBack() }
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
        settings.acceptedRequestLimit = configuration.requestQueue
        settings.maximumWindow = configuration.requestQueue
        settings.externalAddressOfPeer = endpoint.address
        settings.isUploadOnly = self.swarm.isComplete
        return PeerSession(settings, have: self.swarm.have, at: now)
    }

    // MARK: - The life of a connection

    /// The channel is active: the handshake goes out, and what came with the socket is read.
    func connected(_ connection: PeerConnection) {
        guard !connection.isClosed,
            self.connections.updateValue(connection, forKey: ObjectIdentifier(connection)) == nil
        else { return }
        guard self.phase != .stopped else { return self.close(connection) }
        connection.session.start(at: self.now)
        if let firstBytes = connection.firstBytes {
            connection.firstBytes = nil
            self.received(firstBytes, on: connection)
        }
        self.finishWakeUp(of: connection)
    }

    /// The handshake is done: the peer gets its number, unless it is ourselves or here already.
    func handshakeCompleted(_ connection: PeerConnection, at now: Instant) {
        let id = connection.session.remotePeerID
        if id == self.services.configuration.peerID {
            self.candidates.forget(connection.endpoint)
            return self.close(connection)
        }
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

    /// The channel is gone.
    func disconnected(_ connection: PeerConnection) {
        connection.isClosed = true
        self.forget(connection)
    }

    private func forget(_ connection: PeerConnection) {
        guard self.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        self.services.budget.giveBack()
        let now = self.now
        if let slot = connection.slot {
            connection.slot = nil
            self.peers[slot] = nil
            self.swarm.peerLeft(slot, at: now)
            self.hasFreedBlocks = true
            let isUseless = self.swarm.isComplete && connection.session.remoteIsSeed
            let pause = Interval.seconds(isUseless ? 1_800 : 15)
            if let address = connection.dialAddress { self.candidates.released(address, pause: pause, at: now) }
        } else if !connection.isInbound {
            self.candidates.failed(connection.endpoint, at: now)
        }
    }
}
