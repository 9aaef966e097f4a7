// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOPosix
import PeerNetwork
import PeerWire
import SwarmModel

/// The other end of a connection, which says what a test tells it to, right or wrong. Used by one task at a time.
final class FakePeer: @unchecked Sendable {
    /// What came, blocks with their bytes and bitfields decoded.
    enum Heard: Equatable {
        case message(PeerMessage)
        case block(BlockRange, [UInt8])
        case bitfield(Bitfield)
        case end
    }

    static let smallestID = FakePeer.id(filledWith: 0)
    static let greatestID = FakePeer.id(filledWith: 0xff)

    let channel: any Channel
    private let swarm: LoopbackSwarm
    private var input: AsyncStream<ByteBuffer>.Iterator
    private var parser: PeerStreamParser
    private var buffer: [UInt8] = []
    private var cursor = 0
    private var block: (range: BlockRange, bytes: [UInt8])?

    init(_ channel: any Channel, _ input: AsyncStream<ByteBuffer>, _ swarm: LoopbackSwarm) {
        self.channel = channel
        self.swarm = swarm
        self.input = input.makeAsyncIterator()
        self.parser = PeerStreamParser(pieceCount: swarm.geometry.pieceCount, extensionLimit: 16)
    }

    static func id(filledWith byte: UInt8) -> PeerID {
        var random = SplitMix64(seed: UInt64(byte))
        return PeerID(bytes: Array(repeating: byte, count: 20)) ?? PeerID(prefix: "-FK0000-", random: &random)
    }

    /// Dials. `local` is the address to come from; a small `receiveBuffer` makes a peer that takes little at a time.
    static func connect(
        to endpoint: PeerEndpoint, in swarm: LoopbackSwarm, from local: String = "127.0.0.1",
        receiveBuffer: Int32? = nil
    ) async throws -> FakePeer {
        let (input, continuation) = AsyncStream<ByteBuffer>.makeStream()
        var bootstrap = ClientBootstrap(group: swarm.group).channelInitializer { channel in
            channel.pipeline.addHandler(FakePeerHandler(continuation))
        }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        if !endpoint.address.isV6 { bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: local, port: 0)) }
        let channel = try await bootstrap.connect(to: try endpoint.socketAddress()).get()
        return FakePeer(channel, input, swarm)
    }

    // MARK: - Saying

    /// That the other end has gone is heard, not thrown: whether it goes before the last word is out, a busy machine decides.
    func send(_ bytes: [UInt8]) async throws {
        do {
            try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        } catch ChannelError.ioOnClosedChannel {
        } catch let error as IOError where [EPIPE, ECONNRESET].contains(error.errnoCode) {
        }
    }

    func send(_ write: (inout [UInt8]) -> Void) async throws {
        var bytes: [UInt8] = []
        write(&bytes)
        try await self.send(bytes)
    }

    /// Says it without waiting until it is gone.
    func sendLater(_ bytes: [UInt8]) { self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Asks for ten thousand blocks, without taking one.
    func askWithoutReading() async throws {
        try await self.setReading(false)
        var flood: [UInt8] = []
        for index in 0..<10_000 {
            MessageWriter.request(self.swarm.geometry.block(index % 16, of: PieceIndex(index % 16)), into: &flood)
        }
        self.sendLater(flood)
    }

    func sendHandshake(fast: Bool = true, id: PeerID = FakePeer.greatestID, infoHash: InfoHash? = nil) async throws {
        let handshake = Handshake(
            infoHash: infoHash ?? self.swarm.infoHash, peerID: id, supportsFast: fast, supportsExtensions: false)
        try await self.send(handshake.encoded)
    }

    /// Both handshakes. Returns the id at the other end.
    @discardableResult
    func shakeHands(fast: Bool = true, id: PeerID = FakePeer.greatestID) async throws -> PeerID? {
        try await self.sendHandshake(fast: fast, id: id)
        guard await self.hear() == .message(.handshake) else { return nil }
        return self.parser.handshake?.peerID
    }

    /// Has everything and lets itself be asked.
    func offerEverything() async throws {
        try await self.send { out in
            MessageWriter.bitfield(Bitfield(count: self.swarm.geometry.pieceCount, filled: true), into: &out)
            MessageWriter.unchoke(into: &out)
        }
    }

    func send(_ block: BlockRange, _ payload: [UInt8]) async throws {
        try await self.send { out in
            MessageWriter.piece(block, into: &out)
            out += payload
        }
    }

    func setReading(_ reads: Bool) async throws { try await self.channel.setOption(.autoRead, value: reads).get() }

    func close() { self.channel.close(promise: nil) }

    // MARK: - Hearing

    /// The peer id at the other end, once its handshake was heard.
    var remoteID: PeerID? { self.parser.handshake?.peerID }

    /// The next message, or that the connection has ended.
    func hear() async -> Heard {
        while true {
            let message = self.parser.next(in: self.buffer.span.bytes, at: &self.cursor)
            switch message {
            case .needMore:
                guard let more = await self.input.next() else { return .end }
                self.buffer = Array(more.readableBytesView)
                self.cursor = 0
            case .block(let range): self.block = (range, [])
            case .payload(let offset, let count):
                self.block?.bytes += self.buffer[Int(offset)..<Int(offset + count)]
            case .blockEnd:
                guard let block = self.block else { return .message(message) }
                return .block(block.range, block.bytes)
            case .bitfield:
                let bits = Bitfield(wire: self.parser.body, count: self.swarm.geometry.pieceCount)
                return bits.map { .bitfield($0) } ?? .message(message)
            default: return .message(message)
            }
        }
    }

    /// The next bytes as they came, at least `count` of them; fewer when the connection has ended.
    func hearBytes(_ count: Int) async -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let more = await self.input.next() { bytes += more.readableBytesView }
        return bytes
    }

    /// Hears on until `condition`; returns what satisfied it, or the end.
    @discardableResult
    func hear(until condition: (Heard) -> Bool) async -> Heard {
        while true {
            let heard = await self.hear()
            if condition(heard) || heard == .end { return heard }
        }
    }

    /// The payload of the next extension message with this number, or nil when the connection has ended.
    func hearExtended(_ id: UInt8) async -> [UInt8]? {
        await self.hear { $0 == .message(.extended(id)) } == .end ? nil : self.parser.body
    }

    /// The next block asked for, or nil when the connection has ended.
    func hearRequest() async -> BlockRange? {
        while true {
            switch await self.hear() {
            case .message(.request(let block)): return block
            case .end: return nil
            case .message, .block, .bitfield: continue
            }
        }
    }

    /// The next request for hashes, or nil when the connection has ended.
    func hearHashRequest() async -> HashRange? {
        await self.hear { $0 == .message(.hashRequest) } == .end ? nil : HashRange(parsing: self.parser.body)
    }

    /// The body of the message just heard, and the range that a message about hashes begins with.
    var body: [UInt8] { self.parser.body }
    var heardRange: HashRange? { HashRange(parsing: self.parser.body) }
    /// The handshake at the other end, once it was heard.
    var remoteHandshake: Handshake? { self.parser.handshake }

    /// Hears on until the connection ends.
    func hearEnd() async { await self.hear { $0 == .end } }

    // MARK: - Serving

    /// Answers every request with what `answer` says, until the connection ends; with nothing for nil.
    func serve(_ answer: (BlockRange) -> [UInt8]?) async {
        while let block = await self.hearRequest() {
            guard let payload = answer(block) else { continue }
            do { try await self.send(block, payload) } catch { return }
        }
    }

    /// Answers every request with the right bytes.
    func serveHonestly() async { await self.serve { self.swarm.bytes(of: $0) } }
}

/// Carries a channel's bytes to a `FakePeer`.
private final class FakePeerHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<ByteBuffer>.Continuation

    init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.continuation.yield(Self.unwrapInboundIn(data))
    }
    func channelInactive(context: ChannelHandlerContext) { self.continuation.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Where a `FakePeer` can be dialled.
final class FakeListener: @unchecked Sendable {
    let endpoint: PeerEndpoint
    private let channel: any Channel
    private var accepted: AsyncStream<FakePeer>.Iterator

    private init(_ channel: any Channel, _ endpoint: PeerEndpoint, _ accepted: AsyncStream<FakePeer>) {
        self.channel = channel
        self.endpoint = endpoint
        self.accepted = accepted.makeAsyncIterator()
    }

    static func listen(at address: String = "127.0.0.1", in swarm: LoopbackSwarm) async throws -> FakeListener {
        let (accepted, continuation) = AsyncStream<FakePeer>.makeStream()
        let channel = try await ServerBootstrap(group: swarm.group).childChannelInitializer { channel in
            let (input, bytes) = AsyncStream<ByteBuffer>.makeStream()
            return channel.pipeline.addHandler(FakePeerHandler(bytes)).map {
                continuation.yield(FakePeer(channel, input, swarm))
            }
        }.bind(host: address, port: 0).get()
        guard let endpoint = channel.localAddress.flatMap({ PeerEndpoint($0) }) else { throw ChannelError.eof }
        return FakeListener(channel, endpoint, accepted)
    }

    /// The next peer that dialled.
    func accept() async throws -> FakePeer {
        guard let peer = await self.accepted.next() else { throw ChannelError.eof }
        return peer
    }
}

/// Waits for what nothing tells of; the time limit of the suite ends it.
func eventually(_ condition: () async throws -> Bool) async throws {
    while !(try await condition()) {
        try Task.checkCancellation()
        await Task.yield()
    }
}
