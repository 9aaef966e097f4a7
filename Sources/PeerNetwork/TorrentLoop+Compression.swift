// SPDX-License-Identifier: Apache-2.0

import Deflate
import NIOCore
import PeerSession
import PieceStore
import SwarmModel

/// Blocks that go out compressed.
extension TorrentLoop {
    /// Waiting requests of a connection that are compressed ahead of their turn.
    private static let lookahead = 16
    /// In `auto` nobody waits longer than this for a block to be compressed.
    private static let patience = Interval.milliseconds(50)

    /// What is compressed is kept for so long after the last use of any of it.
    private static let keepTime = Interval.seconds(600)

    /// How a block is sent.
    enum UploadForm {
        case plain
        case compressed(ByteBuffer)
        /// It is being compressed.
        case later
    }

    /// Takes in what the operator wants now.
    func followCompressionMode() {
        let mode = self.ownCompression ?? self.services.limits.current.compression
        guard mode != self.compression.mode else { return }
        self.compression.mode = mode
        if mode == .never { self.compressedIfAny?.removeAll() }
        for connection in Array(self.connections.values) {
            connection.session.setAcceptsCompressed(mode != .never)
            if mode == .never { connection.compresses = false }
            self.flush(connection)
        }
    }

    /// Gives the torrent a mode of its own, or the configured one for nil.
    func setCompression(_ mode: CompressionMode?) {
        self.ownCompression = mode
        self.followCompressionMode()
        self.publish(at: self.now)
    }

    /// Once a second: what all links together carry, and whether others have use for what comes compressed.
    func tickCompression(at now: Instant) {
        self.followCompressionMode()
        self.linkRate = 0
        self.compressionTakers = 0
        for connection in self.peers {
            guard let connection, connection.session.remoteDeflateID != nil else { continue }
            if !connection.session.remoteIsSeed { self.compressionTakers += 1 }
            self.linkRate += connection.heldRate(at: now) ?? 0
        }
        if self.hasCompressed || self.hasInflated { self.compressedUsedAt = now }
        if now - self.compressedUsedAt > Self.keepTime, self.compressedIfAny?.isEmpty == false {
            self.compressed.removeAll()
        }
        if self.speed.inFlight == 0, self.hasCompressed { self.services.compression.compressors.tidy() }
        self.hasCompressed = false
        if !self.hasInflated {
            self.inflater = nil
            self.inflateScratch = []
        }
        self.hasInflated = false
    }

    /// Decides whether blocks for a connection are compressed from now on.
    func judge(_ connection: PeerConnection, at now: Instant) {
        connection.gauge.note(isBlocked: !connection.link.isWritable, at: now)
        self.lookAtStream(of: connection, at: now)
        let speed = self.speed.bytesPerSecond(at: now, guess: self.services.compression.hopedForSpeed)
        let link = connection.heldRate(at: now).map { max($0, self.linkRate) }
        // A cap holds up as a link does, and counts what is on the wire.
        let cap = self.uploadPace.bindingRate(at: now)
        let rate = link.map { min($0, cap ?? $0) } ?? cap
        connection.compresses = self.compression.wantsCompression(linkRate: rate, speed: speed)
    }

    /// A connection takes no more for now.
    func noteBlocked(_ connection: PeerConnection, at now: Instant) {
        connection.gauge.note(isBlocked: true, at: now)
        // From here on it is waited for somebody: this is what later looks compare with.
        self.lookAtStream(of: connection, at: now)
    }

    /// Asks the kernel what a connection waits for, now and then, where the answer decides anything.
    private func lookAtStream(of connection: PeerConnection, at now: Instant) {
        guard self.compression.mode == .auto, connection.stream.isDue(at: now), let clocks = connection.link.clocks
        else { return }
        connection.stream.note(clocks, at: now)
        // It was not the link that took no more.
        if connection.stream.holder == .peer { connection.gauge.forget() }
    }

    /// Has the next blocks that a connection is to get compressed, as far as threads are free.
    func compressAhead(for connection: PeerConnection) {
        let isTrying = self.compression.mode == .auto && self.compression.phase == .trying
        let limit = isTrying ? 1 : self.services.compression.maximumInFlight
        for index in 0..<min(Self.lookahead, connection.session.uploadQueueCount) {
            guard self.speed.inFlight < limit else { return }
            let block = connection.session.upload(at: index)
            guard case .unknown = self.compressed.answer(to: block) else { continue }
            switch self.readCache.block(block) {
            case .bytes(let bytes): self.compress(block, bytes)
            case .reading: return
            case .outOfRange: continue
            }
        }
    }

    /// How the next block for a connection is sent.
    func form(of block: BlockRange, for connection: PeerConnection) -> UploadForm {
        guard connection.compresses else { return .plain }
        switch self.compressed.answer(to: block) {
        case .compressed(let stream): return .compressed(stream)
        case .plain: return .plain
        case .pending: return self.mayWait(connection) ? .later : .plain
        // No thread was free for it; with none at work it has to be read first.
        case .unknown: return self.speed.inFlight > 0 && self.mayWait(connection) ? .later : .plain
        }
    }

    private func mayWait(_ connection: PeerConnection) -> Bool {
        guard self.compression.mode == .auto else { return true }
        guard self.compression.phase == .using else { return false }
        let now = self.now
        guard let since = connection.awaitsCompressionSince else {
            connection.awaitsCompressionSince = now
            return true
        }
        return now - since < Self.patience
    }

    private func compress(_ block: BlockRange, _ bytes: ByteBuffer) {
        let isEven = bytes.withUnsafeReadableBytes { ByteSpread.isEven($0) }
        self.compressed.begin(block)
        guard !isEven else {
            self.compressed.finish(block, nil)
            self.compression.blockCompressed(raw: bytes.readableBytes, to: bytes.readableBytes)
            return
        }
        self.speed.begin(at: self.now)
        let isTypical = self.compression.mode == .always || self.compression.phase == .using
        self.hasCompressed = true
        let compressors = self.services.compression.compressors
        let level = self.services.limits.current.compressionLevel
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.services.store.compute(on: self.loop) {
            compressors.compress(bytes, level: level)
        } then: { stream in
            bound.value.finishedCompressing(block, stream, isTypical: isTypical)
        }
    }

    private func finishedCompressing(_ block: BlockRange, _ stream: ByteBuffer?, isTypical: Bool) {
        let raw = Int(block.length)
        self.speed.end(raw: raw, isTypical: isTypical, at: self.now)
        self.traffic.blocksCompressed += 1
        self.traffic.bytesCompressed += UInt64(raw)
        self.compressed.finish(block, stream)
        self.compression.blockCompressed(raw: raw, to: stream?.readableBytes ?? raw)
        guard self.phase != .stopped else { return }
        for connection in self.peers {
            guard let connection, connection.awaitsBlocks else { continue }
            self.serve(connection)
            self.flush(connection)
        }
    }
}
