// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerTransport
import SwarmModel

/// What lies between a peer's session and the network: a carrier, and a stream engine above it unless the carrier's bytes
/// are the plain bytes. Confined to the torrent's loop.
///
/// Without an engine a buffer passes through as it is, uncopied. With one, bytes that go out are gathered, copied once
/// (blocks are shared with the read cache, and engines change bytes in place) and encoded a run at a time; bytes that
/// come in are decoded where they lie. An engine is never on the stack while the torrent works on what it gave out.
final class PeerLink {
    /// How the peer is reached; what is told to people.
    let way: DialWay
    /// Where bytes go; nil before the connection stands, and after its end.
    private(set) var carrier: LinkCarrier?
    /// What came through an engine and has not been looked at.
    var plain: [ByteBuffer] = []
    /// Something was written since the last flush.
    private(set) var needsFlush = false
    /// Whether the loop knows that peers may talk.
    var isIntroduced = false
    /// Whether an engine gave way to the carrier's bytes.
    private(set) var isBypassed = false
    /// Why it cannot go on, if it cannot.
    private(set) var failure: String?

    private var engine: TransportInstance?
    private let loop: any EventLoop
    private let allocator = ByteBufferAllocator()
    private let runs: RunBuffers
    /// What is to be sent, in order, before anything else.
    private var unsent: [ByteBuffer]
    /// Plain bytes that wait to be encoded.
    private var gathered: [ByteBuffer] = []
    private var gatheredBytes = 0
    private var timer: Scheduled<Void>?
    private var timerAt: Instant?
    /// Called when the engine's deadline has passed and it was told.
    var whenTimerFired: (() -> Void)?

    /// A link that has no carrier yet. `unsent` is what an engine has said before, `plain` what came through it; `runs` is
    /// memory to encode in.
    init(
        way: DialWay, engine: TransportInstance?, unsent: ByteBuffer? = nil, plain: ByteBuffer? = nil,
        runs: RunBuffers, loop: any EventLoop
    ) {
        self.way = way
        self.engine = engine
        self.runs = runs
        self.loop = loop
        self.unsent = [unsent].compactMap { $0 }.filter { $0.readableBytes > 0 }
        self.plain = [plain].compactMap { $0 }.filter { $0.readableBytes > 0 }
        // Bytes that an initiator has to say at once.
        if let engine { self.collect(engine, from: ByteBuffer()) }
    }

    /// Whether bytes change on their way.
    var isEncoded: Bool { self.engine != nil }
    /// Whether peers may talk.
    var isOpen: Bool { self.engine?.state.isOpen ?? true }
    /// Whether it is over for the engine.
    var isOver: Bool { self.failure != nil || self.engine?.state.isOver == true }
    /// Whether more may be written.
    var isWritable: Bool { self.carrier?.isWritable ?? false }
    /// What the kernel counts of the connection; nil where it does not.
    var clocks: StreamClocks? { self.carrier?.clocks }

    // MARK: - The carrier

    /// There is a carrier; it may still have to connect.
    func attach(_ carrier: LinkCarrier) {
        self.carrier = carrier
    }

    /// The carrier's connection stands.
    func begin() {
        guard let carrier = self.carrier else { return }
        for buffer in self.unsent { self.send(buffer, on: carrier) }
        self.unsent = []
        self.rearm()
    }

    /// The carrier is gone.
    func detach() {
        self.carrier = nil
        self.timer?.cancel()
        self.timer = nil
        self.whenTimerFired = nil
    }

    /// Ends the connection. Bytes that the carrier has not taken are lost.
    func close() {
        if let engine = self.engine {
            if engine.close(at: MonotonicClock.now()) { self.collect(engine, from: ByteBuffer()) }
            self.carrier?.flush()
        }
        self.carrier?.close()
    }

    // MARK: - Plain bytes out

    /// Takes plain bytes for the peer, to go out with the next `flush`. Only while open.
    func write(_ buffer: ByteBuffer) {
        guard self.engine != nil else {
            if let carrier = self.carrier { self.send(buffer, on: carrier) }
            return
        }
        self.gathered.append(buffer)
        self.gatheredBytes += buffer.readableBytes
        self.needsFlush = true
        if self.gatheredBytes >= RunBuffers.run { self.encode() }
    }

    /// Sends what was written.
    func flush() {
        guard self.needsFlush, let carrier = self.carrier else { return }
        self.encode()
        if let engine = self.engine {
            engine.settle(at: MonotonicClock.now())
            self.collect(engine, from: ByteBuffer())
            self.rearm()
        }
        self.needsFlush = false
        carrier.flush()
    }

    private func encode() {
        guard self.gatheredBytes > 0 else { return }
        guard let engine = self.engine else {
            if let carrier = self.carrier { for buffer in self.gathered { self.send(buffer, on: carrier) } }
            return self.forgetGathered()
        }
        var run = self.runs.take(self.gatheredBytes)
        for buffer in self.gathered { run.writeImmutableBuffer(buffer) }
        self.forgetGathered()
        _ = run.withUnsafeMutableReadableBytes { engine.write($0, at: MonotonicClock.now()) }
        self.collect(engine, from: run)
        self.runs.keep(run)
    }

    private func forgetGathered() {
        self.gathered.removeAll(keepingCapacity: true)
        self.gatheredBytes = 0
    }

    private func send(_ buffer: ByteBuffer, on carrier: LinkCarrier) {
        carrier.write(buffer)
        self.needsFlush = true
    }

    // MARK: - The carrier's bytes in

    /// Decodes what came; the plain bytes are added to `plain`.
    func decode(_ buffer: ByteBuffer) {
        guard let engine = self.engine else { return self.plain.append(buffer) }
        // In place, though NIO's pool holds the storage too: it reads nothing there, and uses it again only when nobody
        // else holds it. A mutable view of the buffer would copy it first.
        buffer.withUnsafeReadableBytes {
            engine.received(UnsafeMutableRawBufferPointer(mutating: $0), at: MonotonicClock.now())
        }
        self.collect(engine, from: buffer)
        self.rearm()
    }

    /// Takes what the engine's last call gave out; `memory` is what that call was given.
    private func collect(_ engine: TransportInstance, from memory: ByteBuffer) {
        for chunk in engine.transmitted.chunks {
            guard let bytes = self.bytes(of: chunk, in: engine.transmitted, memory) else { continue }
            if let carrier = self.carrier { self.send(bytes, on: carrier) } else { self.unsent.append(bytes) }
        }
        for chunk in engine.delivered.chunks {
            if let bytes = self.bytes(of: chunk, in: engine.delivered, memory) { self.plain.append(bytes) }
        }
        engine.clear()
        switch engine.state {
        case .starting, .open, .ended: return
        case .bypassed: self.isBypassed = true
        case .failed: self.failure = engine.failure ?? "no reason given"
        }
        self.engine = nil
    }

    private func bytes(of chunk: LinkChunks.Chunk, in chunks: LinkChunks, _ memory: ByteBuffer) -> ByteBuffer? {
        if chunk.isInPlace { return memory.getSlice(at: memory.readerIndex + chunk.offset, length: chunk.count) }
        return self.allocator.buffer(bytes: chunks.copies[chunk.offset..<chunk.offset + chunk.count])
    }

    // MARK: - Time

    /// Sets the timer to the engine's deadline.
    private func rearm() {
        let next = self.engine?.deadline
        guard next != self.timerAt else { return }
        self.timer?.cancel()
        self.timer = nil
        self.timerAt = next
        guard let next else { return }
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        let wait = max(0, (next - MonotonicClock.now()).nanoseconds)
        self.timer = self.loop.scheduleTask(in: .nanoseconds(wait)) { bound.value.fireTimer() }
    }

    private func fireTimer() {
        self.timer = nil
        self.timerAt = nil
        guard let engine = self.engine, self.carrier != nil else { return }
        engine.timerFired(at: MonotonicClock.now())
        self.collect(engine, from: ByteBuffer())
        self.rearm()
        self.whenTimerFired?()
    }
}
