// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerTransport
import SwarmModel

/// All connections over UDP: one socket for each listen address, on the same port as TCP, and the way of each datagram from
/// there to its connection's loop.
final class DatagramNetwork: Sendable {
    /// Buffers that one call to the kernel fills; each holds the datagrams of one sender that came together.
    private static let buffersPerRead = 8
    private static let bufferSize = 65_536
    /// Such calls in one wake-up: what comes in one is answered together.
    private static let readsPerWakeUp: UInt = 2

    /// The transport of peers; nil where no one is configured, and only the hash table uses the port.
    let transport: Transport?
    let hashTable: HashTableLink?
    let table = DatagramTable()
    private let services: GateServices
    private let bans: BanList
    private let halfOpen: HalfOpenConnections
    private let state = NIOLockedValueBox(State())

    private struct State {
        var sockets: [DatagramSocket] = []
        var channels: [any Channel] = []
        /// New connections are refused; the sockets go with the last one.
        var isEnding = false
    }

    init(
        transport: Transport?, hashTable: HashTableLink?, services: GateServices, bans: BanList,
        halfOpen: HalfOpenConnections
    ) {
        self.transport = transport
        self.hashTable = hashTable
        self.services = services
        self.bans = bans
        self.halfOpen = halfOpen
    }

    /// Receives at `endpoint`, on a loop of `group`. Port 0 takes any free port. Throws what the system says.
    func listen(at endpoint: PeerEndpoint, group: any EventLoopGroup) async throws -> any Channel {
        var bootstrap = DatagramBootstrap(group: group)
            .channelOption(.datagramVectorReadMessageCount, value: Self.buffersPerRead)
            .channelOption(.maxMessagesPerRead, value: Self.readsPerWakeUp)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: Self.buffersPerRead * Self.bufferSize))
        if System.supportsUDPReceiveOffload {
            bootstrap = bootstrap.channelOption(.datagramReceiveOffload, value: true)
                .channelOption(.datagramReceiveSegmentSize, value: true)
        }
        if endpoint.address.isV6 {
            bootstrap = bootstrap.channelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .init(rawValue: IPV6_V6ONLY)), value: 1)
        }
        let network = self
        let channel = try await bootstrap.bind(to: endpoint.socketAddress()).get()
        try await channel.eventLoop.submit {
            let operations = channel.pipeline.syncOperations
            let copy = try operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                fcntl($0, F_DUPFD_CLOEXEC, 0)
            }
            guard let copy, copy >= 0 else { throw IOError(errnoCode: errno, reason: "duplicating a socket") }
            let bound = channel.localAddress.flatMap { PeerEndpoint($0) } ?? endpoint
            let socket = DatagramSocket(descriptor: copy, endpoint: bound)
            network.state.withLockedValue { state in
                state.sockets.append(socket)
                state.channels.append(channel)
                state.isEnding = false
            }
            try operations.addHandler(DatagramReceiver(network: network, socket: socket))
        }.get()
        return channel
    }

    /// Accepts no more. The sockets stay as long as there are connections, which need them.
    func stopListening() {
        self.state.withLockedValue { $0.isEnding = true }
        self.closeWhenUnused()
    }

    /// A connection has ended.
    func ended(_ stream: DatagramStream) {
        self.table.remove(stream)
        self.closeWhenUnused()
    }

    private func closeWhenUnused() {
        let channels = self.state.withLockedValue { state -> [any Channel] in
            guard state.isEnding, self.table.count == 0 else { return [] }
            defer { state = State(isEnding: true) }
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Whether there is a socket by which a peer can be reached.
    func reaches(_ peer: PeerEndpoint) -> Bool { self.transport != nil && self.socket(for: peer) != nil }

    /// Sends one datagram of the hash table; one that the kernel does not take at once is lost.
    func send(_ datagram: [UInt8], to endpoint: PeerEndpoint) {
        guard let socket = self.socket(for: endpoint), let address = try? endpoint.socketAddress() else { return }
        var offload: CInt = 0
        _ = datagram.withUnsafeBytes { socket.send($0, segment: $0.count, to: address, offload: &offload) }
    }

    private func socket(for peer: PeerEndpoint) -> DatagramSocket? {
        self.state.withLockedValue { state in
            state.isEnding ? nil : state.sockets.first { $0.endpoint.address.isV6 == peer.address.isV6 }
        }
    }

    /// Begins a connection with a peer for a torrent that lives on `loop`, where this must be called; nil where there is no
    /// socket of that family, or the transport does not serve it. `settings` are an initiator's.
    func connect(
        to peer: PeerEndpoint, _ settings: LinkSettings, loop: any EventLoop, at now: Instant
    ) throws -> DatagramStream? {
        guard let socket = self.socket(for: peer), let number = self.table.vacantNumber(for: peer) else { return nil }
        let key = DatagramKey(peer: peer, number: number)
        return self.make(key, address: try peer.socketAddress(), settings, socket: socket, loop: loop, at: now)
    }

    /// Makes the connection that a stranger's datagram begins; nil where it is not to be.
    func accept(
        _ key: DatagramKey, address: SocketAddress, socket: DatagramSocket, loop: any EventLoop, at now: Instant
    ) -> DatagramTable.Entry? {
        guard key.peer.port != 0, !self.state.withLockedValue({ $0.isEnding }),
            !self.bans.refuses(key.peer.address, at: now)
        else { return nil }
        let settings = LinkSettings(
            role: .responder, encryption: self.services.limits.current.encryption,
            seed: UInt64.random(in: 0...UInt64.max))
        guard let stream = self.make(key, address: address, settings, socket: socket, loop: loop, at: now) else {
            return nil
        }
        let ticket = self.halfOpen.insert { loop.execute { stream.giveUp() } }
        let timeout = loop.scheduleTask(in: self.services.patience) { stream.giveUp() }
        stream.owner = .gate(
            DatagramGate(services: self.services, halfOpen: self.halfOpen, ticket: ticket, timeout: timeout))
        return DatagramTable.Entry(stream: stream, loop: loop)
    }

    private func make(
        _ key: DatagramKey, address: SocketAddress, _ settings: LinkSettings, socket: DatagramSocket,
        loop: any EventLoop, at now: Instant
    ) -> DatagramStream? {
        var settings = settings
        settings.key = key.number
        settings.isV6 = key.peer.address.isV6
        settings.maximumDatagram = UInt32(DatagramSocket.largestDatagram(to: address))
        guard let transport = self.transport, let engine = transport.connect(settings, at: now) else { return nil }
        let stream = DatagramStream(
            key: key, address: address, engine: engine, transport: transport, socket: socket, network: self,
            loop: loop, at: now)
        return self.table.insert(stream, on: loop) ? stream : nil
    }
}
