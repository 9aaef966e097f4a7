// SPDX-License-Identifier: Apache-2.0

import Deflate
import Glibc
import Logging
import NIOCore
import NIOPosix
import PeerSession
import PeerTransport
import PeerWire
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Dials at once at most.
    static let dialsAtOnce = 16
    /// A dial that has not connected after this long has failed.
    static let dialTimeout = TimeAmount.seconds(5)

    /// Takes in addresses from a tracker or the operator, where peers know the torrent by `name`, and dials what there is room
    /// for.
    func add(candidates endpoints: [PeerEndpoint], under name: InfoHash) {
        let now = self.now
        for endpoint in endpoints where !self.services.bans.refuses(endpoint.address, at: now) {
            self.candidates.insert(endpoint, in: self.version(of: name), at: now)
        }
        self.wake()
        self.dial(at: now)
    }

    /// Dials while there is room and reason to.
    func dial(at now: Instant) {
        // A dial that fails at once ends up here again.
        guard !self.isDialling, [.metadata, .downloading, .seeding].contains(self.phase) else { return }
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

    /// Dials once what is going on now is through.
    func dialSoon() {
        guard !self.isDialScheduled else { return }
        self.isDialScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.loop.execute {
            bound.value.isDialScheduled = false
            bound.value.dial(at: bound.value.now)
        }
    }

    private var hasRoomToDial: Bool {
        // A seed gains nothing by calling; those who want something call it.
        guard !self.isFinished || self.connections.isEmpty else { return false }
        let limit = self.services.limits.current.connectionsPerTorrent
        return self.dials.count < Self.dialsAtOnce && self.connections.count + self.dials.count < limit
    }

    func isConnected(to endpoint: PeerEndpoint) -> Bool {
        self.connections.values.contains { $0.dialAddress == endpoint }
    }

    private func dial(_ endpoint: PeerEndpoint, at now: Instant) {
        guard let (link, tried) = self.makeLink(to: endpoint, at: now) else {
            self.services.budget.giveBack()
            self.candidates.failed(endpoint, at: now)
            return
        }
        let connection = PeerConnection(
            endpoint: endpoint, isInbound: false,
            session: self.makeSession(
                .outbound, with: endpoint, by: link.way, speaking: self.dialledName(of: endpoint), at: now),
            link: link, at: now)
        connection.waysTried = tried
        self.dials[ObjectIdentifier(connection)] = connection
        if link.way.datagram != nil { return self.beginDatagrams(connection, at: now) }
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

    /// A link in the first way that is to be tried and may be, and how many that makes of those to be tried; nil when there
    /// is none, as where encryption is required and no transport encrypts.
    private func makeLink(to endpoint: PeerEndpoint, at now: Instant) -> (link: PeerLink, tried: Int)? {
        for (index, number) in self.candidates.ways(to: endpoint).enumerated() {
            let way = self.services.ways[number]
            guard way.datagram == nil || self.services.datagrams?.reaches(endpoint) == true else { continue }
            guard let stream = way.stream else {
                // Nothing would encrypt it.
                guard self.services.limits.current.encryption != .required else { continue }
                return (PeerLink(way: way, engine: nil, runs: self.runs, loop: self.loop), index + 1)
            }
            var settings = LinkSettings(
                role: .initiator, encryption: self.services.limits.current.encryption,
                infoHash: self.dialledName(of: endpoint), seed: self.seeds.next())
            settings.isV6 = endpoint.address.isV6
            guard let engine = stream.connect(settings, at: now) else { continue }
            return (PeerLink(way: way, engine: engine, runs: self.runs, loop: self.loop), index + 1)
        }
        return nil
    }

    /// The carrier cannot be had: no other way over it will do either.
    func dialFailed(_ connection: PeerConnection) {
        let left = self.candidates.ways(to: connection.endpoint).dropFirst(connection.waysTried)
        connection.waysTried += left.prefix { self.services.ways[$0].sharesCarrier(with: connection.link.way) }.count
        self.linkFailed(connection)
    }

    /// A dialled connection came to nothing before peers could talk.
    func linkFailed(_ connection: PeerConnection) {
        guard self.dials.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        connection.isClosed = true
        connection.link.close()
        self.giveBackBudget(of: connection)
        self.candidates.failed(connection.endpoint, ways: connection.waysTried, at: self.now)
        self.dialSoon()
    }

    /// Makes a moved inbound socket one of ours.
    func adopt(_ peer: InboundPeer) {
        let limit = self.services.limits.current.connectionsPerTorrent
        guard self.phase != .stopped, self.connections.count < limit || self.makesRoom(for: peer.endpoint),
            self.services.budget.take()
        else {
            switch peer.carrier {
            case .socket(let descriptor): Glibc.close(descriptor)
            case .datagrams(let stream): stream.refuse()
            }
            return
        }
        let now = self.now
        let session = self.makeSession(
            .inbound, with: peer.endpoint, by: peer.way, speaking: self.answeredName(of: peer), at: now)
        let link = PeerLink(
            way: peer.way, engine: peer.engine, unsent: peer.unsent, plain: peer.plain, runs: self.runs,
            loop: self.loop)
        let connection = PeerConnection(
            endpoint: peer.endpoint, isInbound: true, session: session, link: link, at: now)
        switch peer.carrier {
        case .socket(let descriptor): self.adopt(descriptor, for: connection)
        case .datagrams(let stream):
            link.attach(.datagrams(stream))
            stream.arrive(at: .torrent(self, connection))
        }
    }

    private func adopt(_ descriptor: CInt, for connection: PeerConnection) {
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

    /// A connection by which peers talk shows how its other end is reached.
    func rememberWay(of connection: PeerConnection, to address: PeerEndpoint) {
        guard let number = self.services.ways.firstIndex(where: { $0.isSame(as: connection.link.way) }) else { return }
        self.candidates.worked(address, way: number, in: connection.version)
    }

    private func makeSession(
        _ role: PeerSession.Role, with endpoint: PeerEndpoint, by way: DialWay, speaking spokenHash: InfoHash,
        at now: Instant
    ) -> PeerSession {
        let configuration = self.services.configuration
        var settings = PeerSession.Configuration(
            role: role, infoHash: self.infoHash, localID: configuration.peerID, geometry: self.geometry)
        settings.otherHash = self.otherHash
        settings.v2Hash = self.infoHashV2?.truncated
        settings.spokenHash = spokenHash
        settings.listenPort = self.services.listenPort
        if !self.isPrivate, configuration.hashTable != nil { settings.nodePort = self.services.listenPort }
        settings.clientName = configuration.clientName
        let requestQueue = self.services.limits.current.requestQueue
        settings.acceptedRequestLimit = requestQueue
        settings.maximumWindow = requestQueue
        settings.handshakePatience = configuration.handshakePatience
        settings.blockPatience = configuration.blockPatience
        settings.externalAddressOfPeer = endpoint.address
        settings.isUploadOnly = self.isFinished && self.superSeed == nil
        settings.metadataSize = self.metadata?.size
        settings.exchangesPeers = !self.isPrivate
        self.followCompressionMode()
        settings.acceptsCompressed = self.compression.mode != .never
        settings.acceptedBlockLength = self.acceptedBlockLength
        // Transmission reads what a datagram brings after the handshake when the next one comes.
        if way.datagram != nil { settings.firstKeepAlive = .seconds(1) }
        return PeerSession(settings, have: self.shownPieces, at: now)
    }
}
