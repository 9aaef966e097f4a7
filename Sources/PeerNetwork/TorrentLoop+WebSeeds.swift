// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import NIOCore
import PeerSession
import PieceStore
import SwarmModel
import Swarming

/// Web servers that have the torrent (BEP 19). In `Swarm` each is one more holder of everything; what it sends goes the way of
/// blocks from peers.
extension TorrentLoop {
    /// Web seeds that take part at a time.
    private static let maximumWebSeeds = 8
    /// What is given up when nothing has come of it for so long.
    private static let webSeedPatience = Interval.seconds(30)
    /// Bytes of one request: what comes in so many seconds, and at least and most.
    private static let runSeconds = 2.0
    private static let shortestRun = 1 << 20
    private static let longestRun = 8 << 20

    /// Whether web seeds are to be asked now or later.
    var hasWebSeeds: Bool {
        self.phase == .downloading && self.webFiles != nil && self.webSeeds.contains { $0.standing.dropReason == nil }
    }

    /// Takes in where the torrent's web seeds are.
    func setWebSeeds(_ urls: [String], _ files: WebSeedFiles?, at now: Instant) {
        guard self.services.configuration.webSeeds != nil, let files else { return }
        self.webFiles = files
        self.webSeeds = urls.map { WebSeed(url: $0, at: now) }
    }

    /// Asks those that may be asked, gives up what hangs.
    func tendWebSeeds(at now: Instant) {
        guard !self.webSeeds.isEmpty else { return }
        guard self.hasWebSeeds else { return self.restWebSeeds() }
        for seed in self.webSeeds {
            if seed.task != nil, now - seed.lastByteAt > Self.webSeedPatience {
                self.webSeed(seed, failed: .stalled(Self.webSeedPatience.inSeconds), at: now)
            }
            self.joinIfThereIsRoom(seed, at: now)
            self.feed(seed, at: now)
        }
    }

    /// Ends all that is under way; nothing is wanted any more.
    func restWebSeeds() {
        let now = self.now
        for seed in self.webSeeds { self.leave(seed, at: now) }
    }

    /// A number for a holder that is free.
    func freeSlot() -> Int {
        let slot = self.peers.indices.first { index in
            self.peers[index] == nil && !self.webSeeds.contains { $0.slot == index }
        }
        if let slot { return slot }
        self.peers.append(nil)
        return self.peers.count - 1
    }

    func webSeed(at slot: Int) -> WebSeed? { self.webSeeds.first { $0.slot == slot } }

    /// Asks for nothing any more of a web seed that sent something else than the torrent's data, and says so.
    func drop(_ seed: WebSeed, because reason: String, at now: Instant) {
        seed.standing.drop(because: reason)
        self.leave(seed, at: now)
        self.observer.torrent(self.infoHash, droppedWebSeed: seed.url, reason: reason)
        self.askIdlePeersSoon()
    }

    private func joinIfThereIsRoom(_ seed: WebSeed, at now: Instant) {
        guard seed.slot == nil, seed.standing.dropReason == nil,
            self.webSeeds.count(where: { $0.slot != nil }) < Self.maximumWebSeeds
        else { return }
        let slot = self.freeSlot()
        seed.slot = slot
        self.swarm.peerJoined(slot, at: now)
        self.swarm.peerHasPieces(slot, Bitfield(count: self.geometry.pieceCount, filled: true))
    }

    private func leave(_ seed: WebSeed, at now: Instant) {
        guard let slot = seed.slot else { return }
        self.forget(seed)
        seed.slot = nil
        self.swarm.peerLeft(slot, at: now)
        self.asides[slot] = nil
    }

    /// What it was asked for does not come.
    private func forget(_ seed: WebSeed) {
        seed.forgetBlocks()
        self.downloadPace.giveBack(seed.granted)
        seed.granted = 0
        seed.isHeld = false
        self.downloadPace.leave(ObjectIdentifier(seed))
    }

    // MARK: - Asking

    private func feed(_ seed: WebSeed, at now: Instant) {
        guard self.phase == .downloading, let slot = seed.slot, seed.task == nil, !seed.isHeld,
            seed.standing.isReady(at: now)
        else { return }
        self.swarm.peerUnchokedUs(slot)
        if seed.block == nil { self.assign(seed, slot, at: now) }
        guard let run = seed.run(in: self.geometry), let files = self.webFiles else { return }
        seed.spans = files.spans(of: run)
        self.fetchSpan(of: seed, at: now)
    }

    /// Chooses the blocks that are asked of it next, as far as the caps let it.
    private func assign(_ seed: WebSeed, _ slot: Int, at now: Instant) {
        let block = Int(TorrentGeometry.blockLength)
        var room = self.runLength(of: seed, at: now) / block
        if self.downloadPace.isCapped {
            guard !self.downloadPace.isHeld else {
                seed.isHeld = true
                return
            }
            switch self.downloadPace.take(room * block, least: block, for: ObjectIdentifier(seed), at: now) {
            case .granted(let bytes):
                self.downloadPace.giveBack(bytes % block)
                room = bytes / block
            case .wait(let time): return self.hold(seed, for: time)
            }
        }
        self.blocks.removeAll(keepingCapacity: true)
        self.swarm.nextRun(for: slot, limit: room, at: now, into: &self.blocks)
        if self.swarm.takeIdleHolder() != nil { self.askIdlePeersSoon() }
        self.blocks.removeAll { block in
            guard !self.holdsBuffer(for: block.piece) else { return false }
            self.swarm.blockLost(from: slot, block)
            return true
        }
        seed.granted = self.blocks.reduce(0) { $0 + Int($1.length) }
        self.downloadPace.giveBack(room * block - seed.granted)
        seed.take(self.blocks)
    }

    private func runLength(of seed: WebSeed, at now: Instant) -> Int {
        let wanted = Int(min(seed.meter.bytesPerSecond(at: now) * Self.runSeconds, Double(Self.longestRun)))
        let most = min(Self.longestRun, self.services.configuration.bufferMemory / 4)
        return max(Int(TorrentGeometry.blockLength), min(most, max(wanted, Self.shortestRun)))
    }

    /// The turn of those that wait for the cap together with peers.
    func feedHeldWebSeeds(at now: Instant) {
        for seed in self.webSeeds where seed.isHeld {
            seed.isHeld = false
            self.feed(seed, at: now)
        }
    }

    private func hold(_ seed: WebSeed, for time: Interval) {
        seed.isHeld = true
        let bound = NIOLoopBound((torrent: self, seed: seed), eventLoop: self.loop)
        self.loop.scheduleTask(in: .nanoseconds(time.nanoseconds)) {
            let (torrent, seed) = bound.value
            guard seed.isHeld else { return }
            seed.isHeld = false
            torrent.feed(seed, at: torrent.now)
        }
    }

    /// Fetches the next part of the run: from the server, or, of padding, from nowhere.
    private func fetchSpan(of seed: WebSeed, at now: Instant) {
        while let span = seed.spans.first, span.file == nil {
            seed.spans.removeFirst()
            self.received(ByteBuffer(repeating: 0, count: Int(span.range.count)), from: seed)
        }
        guard let span = seed.spans.first, let file = span.file, let files = self.webFiles,
            let client = self.services.configuration.webSeeds
        else { return self.finishRun(of: seed, at: now) }
        seed.lastByteAt = now
        let request = RangeRequest(
            url: files.url(of: file, at: seed.url), range: span.range, fileLength: files.length(of: file),
            attempt: seed.standing.failures)
        seed.task = client.fetch(request, on: self.loop) { [unowned self, unowned seed] bytes in
            self.received(bytes, from: seed)
        } onEnd: { [unowned self, unowned seed] fault in
            self.finishSpan(of: seed, fault)
        }
    }

    private func finishSpan(of seed: WebSeed, _ fault: RangeFault?) {
        seed.task = nil
        let now = self.now
        if let fault { return self.webSeed(seed, failed: fault, at: now) }
        if !seed.spans.isEmpty { seed.spans.removeFirst() }
        self.fetchSpan(of: seed, at: now)
    }

    private func finishRun(of seed: WebSeed, at now: Instant) {
        guard seed.slot != nil else { return }
        seed.standing.succeeded()
        self.feed(seed, at: now)
        if self.hasFreedBlocks { self.askIdlePeersSoon() }
    }

    private func webSeed(_ seed: WebSeed, failed fault: RangeFault, at now: Instant) {
        seed.standing.failed(fault, at: now)
        self.forget(seed)
        if let reason = seed.standing.dropReason { return self.drop(seed, because: reason, at: now) }
        if let slot = seed.slot { self.swarm.peerChokedUs(slot) }
        self.services.logger.debug(
            "web seed failed",
            metadata: [
                "torrent.id": "\(self.infoHash)", "web.seed": "\(LoggedURL(seed.url))", "fault": "\(fault)",
            ])
        self.askIdlePeersSoon()
    }

    // MARK: - What comes

    private func received(_ buffer: ByteBuffer, from seed: WebSeed) {
        let now = self.now
        seed.lastByteAt = now
        seed.meter.add(buffer.readableBytes)
        seed.granted -= min(seed.granted, buffer.readableBytes)
        buffer.withUnsafeReadableBytes { input in
            var offset = 0
            while offset < input.count, let slot = seed.slot, let block = seed.block {
                let count = min(input.count - offset, Int(block.length) - seed.received)
                let bytes = UnsafeRawBufferPointer(rebasing: input[offset..<offset + count])
                self.store(bytes, in: block.piece, at: block.begin + UInt32(seed.received), from: slot)
                offset += count
                if let whole = seed.advance(by: count) { self.blockReceived(whole, from: slot, at: now) }
            }
        }
    }
}
