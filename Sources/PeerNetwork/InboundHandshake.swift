// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerTransport
import PeerWire
import SwarmModel

/// The first bytes of a stream that a peer began: they tell which transport over the stream it speaks, and then which
/// torrent it wants. The transport's engine, if there is one, runs here until the torrent is known.
///
/// A value's worth of state for `HandshakeGate` and `DatagramGate`, which move the bytes.
final class InboundHandshake {
    /// What is known so far.
    enum Outcome {
        /// Not enough came.
        case waiting
        /// The connection is for this torrent.
        case torrent(TorrentHandle)
        /// It is for nothing that we have, or cannot be understood.
        case refused(String)
    }

    private let services: GateServices
    /// First bytes, while it is open which transport they are of.
    private var received = ByteBuffer()
    private var isRecognized = false
    /// Which transport it is; nil for the plain stream.
    private(set) var transport: Transport?
    /// Its engine; nil where the stream's bytes are the plain bytes.
    private(set) var engine: TransportInstance?
    /// What came through the engine, or past it.
    private(set) var plain = ByteBuffer()
    /// The name of the torrent that the peer wants.
    private(set) var name: InfoHash?
    /// What the engine has to say and nobody has sent.
    private var unsent = ByteBuffer()

    init(services: GateServices) {
        self.services = services
    }

    /// More bytes came.
    func receive(_ buffer: inout ByteBuffer) -> Outcome {
        if self.isRecognized {
            self.feed(&buffer)
        } else {
            self.received.writeBuffer(&buffer)
            if let reason = self.recognize() { return .refused(reason) }
        }
        return self.outcome()
    }

    /// Whether the peer would rather use the torrent's v2 name (BEP 52), as far as its handshake has come.
    var offersV2: Bool {
        let view = self.plain.readableBytesView
        guard view.count >= Handshake.infoHashRange.lowerBound else { return false }
        return Handshake.offersV2(view.prefix(Handshake.infoHashRange.lowerBound))
    }

    /// What the engine has to say, once.
    func takeUnsent() -> ByteBuffer {
        defer { self.unsent = ByteBuffer() }
        return self.unsent
    }

    /// The connection is over, or belongs to somebody else now.
    func forgetEngine() {
        self.engine = nil
    }

    // MARK: - Which transport

    /// Why it cannot go on, or nil.
    private func recognize() -> String? {
        let streams = self.services.transports.filter { $0.carrier == .stream }
        guard !streams.isEmpty else {
            // Nothing would encrypt it.
            guard self.services.limits.current.encryption != .required else { return "not allowed by encryption" }
            self.begin(with: nil)
            return nil
        }
        let choices = self.received.withUnsafeReadableBytes { bytes in streams.filter { $0.mayBegin(with: bytes) } }
        guard let first = choices.first else { return "speaks no transport that is allowed" }
        // A few bytes can be the beginning of several.
        guard choices.count == 1 || self.received.readableBytes >= Handshake.preamble.count else { return nil }
        return self.begin(with: first)
    }

    private func begin(with transport: Transport) -> String? {
        let registry = self.services.registry
        let name = transport.name
        var link = LinkSettings(
            role: .responder, encryption: self.services.limits.current.encryption,
            seed: UInt64.random(in: 0...UInt64.max))
        link.findTorrent = { registry.find($0, by: name) }
        let now = MonotonicClock.now()
        self.transport = transport
        guard let engine = transport.connect(link, at: now) else { return "not allowed by encryption" }
        if engine.state == .bypassed {
            self.begin(with: nil)
        } else if self.services.budget.take(at: now) {
            self.begin(with: engine)
        } else {
            return "too many handshakes"
        }
        return nil
    }

    private func begin(with engine: TransportInstance?) {
        self.isRecognized = true
        self.engine = engine
        self.feed(&self.received)
        self.received.clear()
    }

    // MARK: - Which torrent

    private func feed(_ buffer: inout ByteBuffer) {
        guard let engine = self.engine else {
            self.plain.writeBuffer(&buffer)
            return
        }
        buffer.withUnsafeMutableReadableBytes { engine.received($0, at: MonotonicClock.now()) }
        for chunk in engine.transmitted.chunks { Self.copy(chunk, of: engine.transmitted, buffer, to: &self.unsent) }
        for chunk in engine.delivered.chunks { Self.copy(chunk, of: engine.delivered, buffer, to: &self.plain) }
        engine.clear()
        buffer.clear()
    }

    private static func copy(
        _ chunk: LinkChunks.Chunk, of chunks: LinkChunks, _ memory: ByteBuffer, to target: inout ByteBuffer
    ) {
        if chunk.isInPlace {
            let start = memory.readerIndex + chunk.offset
            target.writeBytes(memory.viewBytes(at: start, length: chunk.count) ?? ByteBuffer().readableBytesView)
        } else {
            target.writeBytes(chunks.copies[chunk.offset..<chunk.offset + chunk.count])
        }
    }

    private func outcome() -> Outcome {
        guard self.isRecognized else { return .waiting }
        if let engine = self.engine {
            switch engine.state {
            case .starting: return .waiting
            case .ended, .failed: return .refused(engine.failure ?? "ended by the peer")
            case .bypassed: self.engine = nil
            case .open: break
            }
            if let hash = engine.infoHash { return self.found(hash) }
        }
        let view = self.plain.readableBytesView
        guard Handshake.mayBegin(view) else { return .refused("is no peer") }
        guard view.count >= Handshake.infoHashRange.upperBound else { return .waiting }
        let name = view.dropFirst(Handshake.infoHashRange.lowerBound).prefix(Handshake.infoHashRange.count)
        return self.found(InfoHash(bytes: name))
    }

    private func found(_ hash: InfoHash?) -> Outcome {
        guard let hash, let torrent = self.services.registry[hash] else {
            return .refused("wants no torrent that is here")
        }
        self.name = hash
        return .torrent(torrent)
    }
}
