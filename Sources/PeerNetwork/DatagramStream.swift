// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerTransport
import SwarmModel

/// One connection over datagrams: the transport's engine, and the way of its datagrams and plain bytes.
///
/// Unchecked because it is confined to one loop at a time: to the one that received its first datagram, until its torrent is
/// known, and then to the torrent's. Whoever moves it lets go of it.
final class DatagramStream: @unchecked Sendable {
    /// Who takes the plain bytes.
    enum Owner {
        /// Nobody any more: it only ends in order.
        case nobody
        /// The torrent is not known yet.
        case gate(DatagramGate)
        /// A connection of a torrent.
        case torrent(TorrentLoop, PeerConnection)
    }

    /// How long an end in order may take.
    private static let endPatience = TimeAmount.seconds(5)
    /// Plain bytes that one run may have collected, beyond which its memory is not kept.
    private static let keptCapacity = 256 << 10

    let key: DatagramKey
    let transport: Transport
    private(set) var engine: TransportInstance
    private let network: DatagramNetwork
    private let address: SocketAddress
    var loop: any EventLoop
    var owner = Owner.nobody
    /// Has got datagrams in the run that is going on; the receiver keeps account of it.
    var isTouched = false
    /// The end of a run is being worked on, at which everything is sent.
    private var isFinishing = false
    /// On its way to another loop.
    private var isMoving = false
    private var output: DatagramOutput
    private var window: ReceiveWindow
    /// Plain bytes from the peer that nobody has looked at.
    private var inbox = ByteBuffer()
    /// Plain bytes that the engine did not take.
    private var unwritten: [ByteBuffer] = []
    /// Whether it has ever been open.
    private(set) var hasStood = false
    private var isEnding = false
    /// It has left the network: nothing comes and nothing is sent any more.
    private var isGone = false
    private var timer: Scheduled<Void>?
    private var patience: Scheduled<Void>?
    /// When it will fire.
    private var timerAt: Instant?
    /// The engine took less than it was given last.
    private var wasRefused = false

    /// A connection that begins: an initiator sends its first datagram.
    init(
        key: DatagramKey, address: SocketAddress, engine: TransportInstance, transport: Transport,
        socket: DatagramSocket, network: DatagramNetwork, loop: any EventLoop, at now: Instant
    ) {
        self.key = key
        self.address = address
        self.engine = engine
        self.transport = transport
        self.network = network
        self.loop = loop
        self.output = DatagramOutput(socket: socket, address: address)
        self.window = ReceiveWindow(at: now)
    }

    /// Whether the engine is done, for whatever reason.
    var isOver: Bool { self.engine.state.isOver }
    /// Why it failed, if it did.
    var failure: String? { self.engine.failure }

    /// Sends what the engine had to say when it was made, and waits for the answer.
    func begin(at now: Instant) {
        self.take(from: UnsafeRawBufferPointer(start: nil, count: 0))
        self.finishRun(at: now)
    }

    // MARK: - Datagrams in

    /// Datagrams of `segment` bytes came, the last with the rest; `finishRun` follows when all of a run have come.
    func receive(_ datagrams: ByteBuffer, segment: Int, at now: Instant) {
        guard !self.isGone else { return }
        // In place, though NIO's pool holds the storage too: it reads nothing there.
        datagrams.withUnsafeReadableBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: segment) {
                let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + segment, bytes.count)])
                self.engine.received(UnsafeMutableRawBufferPointer(mutating: part), at: now)
                self.take(from: part)
            }
        }
    }

    /// A run of datagrams, or a timer, is over: the owner works on what came, and what follows is sent.
    func finishRun(at now: Instant) {
        self.isFinishing = true
        self.tellOwner(at: now)
        self.isFinishing = false
        guard !self.isMoving, !self.isGone else { return }
        if !self.isOver {
            self.openWindow(at: now)
            self.settle(at: now)
        }
        if self.isOver { self.end() } else { self.rearm() }
    }

    /// Answers what came so far and lets go: from now on it belongs to `loop`, where `arrive` is to be called.
    func move(to loop: any EventLoop, at now: Instant) {
        self.settle(at: now)
        self.isMoving = true
        self.owner = .nobody
        self.timer?.cancel()
        self.timer = nil
        self.timerAt = nil
        self.loop = loop
        self.network.table.move(self, to: loop)
    }

    /// It has come to its new loop.
    func arrive(at owner: Owner) {
        self.isMoving = false
        self.owner = owner
        self.finishRun(at: MonotonicClock.now())
    }

    private func tellOwner(at now: Instant) {
        switch self.owner {
        case .nobody: if !self.isMoving { self.inbox.clear() }
        case .gate(let gate):
            if self.inbox.readableBytes > 0 { gate.received(&self.inbox, from: self, at: now) }
        case .torrent(let torrent, let connection): self.tell(torrent, connection, at: now)
        }
    }

    private func tell(_ torrent: TorrentLoop, _ connection: PeerConnection, at now: Instant) {
        if !self.hasStood, self.engine.state.isOpen {
            self.hasStood = true
            torrent.carrierStands(connection)
        }
        if self.inbox.readableBytes > 0 {
            var bytes = ByteBuffer()
            swap(&bytes, &self.inbox)
            self.window.add(bytes.readableBytes, at: now)
            torrent.arrived(bytes, on: connection)
            // Its memory is used again, unless somebody has kept a part of it.
            if self.inbox.readableBytes == 0, bytes.capacity <= Self.keptCapacity {
                bytes.clear()
                self.inbox = bytes
            }
        }
        guard self.hasStood, !connection.isClosed else { return }
        if self.writeOn(at: now) { torrent.becameWritable(connection) }
        torrent.readCompleted(connection)
    }

    private func openWindow(at now: Instant) {
        var size = DatagramGate.window
        if case .torrent(_, let connection) = self.owner {
            connection.isReadHeld = !connection.mayRead
            size = connection.isReadHeld ? 0 : self.window.size
        }
        self.engine.setWindow(size, at: now)
        self.take(from: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Takes what the engine's last call gave out.
    private func take(from memory: UnsafeRawBufferPointer) {
        if !self.engine.transmitted.isEmpty {
            self.output.send(self.engine.transmitted, from: memory)
            self.watchBacklog()
        }
        for chunk in self.engine.delivered.chunks {
            if chunk.isInPlace {
                self.inbox.writeBytes(
                    UnsafeRawBufferPointer(rebasing: memory[chunk.offset..<chunk.offset + chunk.count]))
            } else {
                self.inbox.writeBytes(self.engine.delivered.copies[chunk.offset..<chunk.offset + chunk.count])
            }
        }
        self.engine.clear()
    }

    // MARK: - Plain bytes out

    /// Whether the engine takes more.
    var isWritable: Bool {
        self.engine.state == .open && self.engine.isWritable && self.unwritten.isEmpty && !self.isEnding
    }

    /// Takes plain bytes for the peer; they leave with the next `flush`.
    func write(_ buffer: ByteBuffer) {
        guard !self.isEnding else { return }
        self.unwritten.append(buffer)
        if self.unwritten.count == 1 { _ = self.writeOn(at: MonotonicClock.now()) }
    }

    /// Gives the engine what waits for it; whether that is all, and something had waited.
    private func writeOn(at now: Instant) -> Bool {
        let hadWaited = !self.unwritten.isEmpty || self.wasRefused
        self.wasRefused = false
        while self.engine.isWritable, var buffer = self.unwritten.first {
            // A transport over datagrams leaves the bytes as they are (`swarm_transport.h`).
            let taken = buffer.withUnsafeReadableBytes {
                self.engine.write(UnsafeMutableRawBufferPointer(mutating: $0), at: now)
            }
            self.engine.clear()
            buffer.moveReaderIndex(forwardBy: taken)
            if buffer.readableBytes == 0 {
                self.unwritten.removeFirst()
            } else {
                self.unwritten[0] = buffer
                guard self.engine.state == .open else { break }
            }
        }
        self.wasRefused = !self.engine.isWritable
        return hadWaited && self.isWritable
    }

    /// Sends what was written.
    func flush() {
        guard !self.isFinishing, !self.isGone else { return }
        let now = MonotonicClock.now()
        self.settle(at: now)
        self.rearm()
    }

    private func settle(at now: Instant) {
        self.engine.settle(at: now)
        self.take(from: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    // MARK: - The end

    /// It was moved to a torrent that does not want it.
    func refuse() {
        self.isMoving = false
        self.drop()
    }

    /// It has not said for too long which torrent it wants.
    func giveUp() {
        guard case .gate = self.owner, self.loop.inEventLoop else { return }
        self.drop()
    }

    /// Ends at once what a stranger began: it is told, but not waited for.
    func drop() {
        if !self.isOver, self.engine.close(at: MonotonicClock.now()) || !self.engine.transmitted.isEmpty {
            self.take(from: UnsafeRawBufferPointer(start: nil, count: 0))
        }
        self.end()
    }

    /// Ends in order what is written; the owner hears nothing more.
    func close() {
        self.owner = .nobody
        guard !self.isEnding, !self.isOver else { return self.end() }
        self.isEnding = true
        self.unwritten = []
        guard self.engine.close(at: MonotonicClock.now()) else {
            self.take(from: UnsafeRawBufferPointer(start: nil, count: 0))
            return self.end()
        }
        self.take(from: UnsafeRawBufferPointer(start: nil, count: 0))
        self.rearm()
        let stream = self
        self.patience = self.loop.scheduleTask(in: Self.endPatience) { stream.end() }
    }

    private func end() {
        guard !self.isGone else { return }
        self.isGone = true
        self.timer?.cancel()
        self.timer = nil
        self.patience?.cancel()
        self.patience = nil
        self.network.ended(self)
        let owner = self.owner
        self.owner = .nobody
        switch owner {
        case .nobody: break
        case .gate(let gate): gate.ended()
        case .torrent(let torrent, let connection):
            connection.link.detach()
            if self.hasStood { torrent.disconnected(connection) } else { torrent.dialFailed(connection) }
        }
    }

    // MARK: - Time

    /// Makes sure that the engine is woken at its deadline. A timer that is early is left alone and looks again: deadlines
    /// move away with every answer.
    private func rearm() {
        guard let deadline = self.engine.deadline, self.timerAt.map({ deadline < $0 }) ?? true else { return }
        self.timer?.cancel()
        self.timerAt = deadline
        let wait = max(0, (deadline - MonotonicClock.now()).nanoseconds)
        let stream = self
        self.timer = self.loop.scheduleTask(in: .nanoseconds(wait)) { stream.fireTimer() }
    }

    private func fireTimer() {
        self.timer = nil
        self.timerAt = nil
        guard !self.isOver, !self.isGone else { return }
        let now = MonotonicClock.now()
        guard let deadline = self.engine.deadline, deadline <= now else { return self.rearm() }
        self.engine.timerFired(at: now)
        self.take(from: UnsafeRawBufferPointer(start: nil, count: 0))
        self.finishRun(at: now)
    }

    private func watchBacklog() {
        guard self.output.isBlocked, !self.output.isWatched else { return }
        self.output.isWatched = true
        let stream = self
        self.loop.scheduleTask(in: .milliseconds(1)) {
            stream.output.isWatched = false
            stream.output.drain()
            stream.watchBacklog()
        }
    }
}
