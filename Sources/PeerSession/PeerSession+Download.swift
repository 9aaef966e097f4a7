// SPDX-License-Identifier: Apache-2.0

import PeerWire
package import SwarmModel

extension PeerSession {
    /// Blocks asked for and not answered yet.
    package var outstandingCount: Int { self.pipeline.count }
    /// Blocks that should be outstanding now: the measured window, capped by what the peer keeps and what we allow.
    package var windowSize: Int {
        min(self.window.size, self.remoteRequestLimit, self.configuration.maximumWindow)
    }
    /// How many more blocks to ask for now: 0 while choked, before the handshake, after the end, and for a moment after
    /// many rejections.
    package var requestRoom: Int {
        guard self.phase == .established, !self.isChokedByPeer, self.now >= self.restsUntil else { return 0 }
        return max(0, self.windowSize - self.pipeline.count)
    }
    /// How many more blocks of `allowedFastPieces` may be asked for although the peer chokes us (BEP 6).
    package var allowedFastRoom: Int {
        guard self.phase == .established, self.isChokedByPeer, !self.allowedFastPieces.isEmpty else { return 0 }
        return max(0, min(self.windowSize, RequestWindow.initialSize) - self.pipeline.count)
    }
    /// Whether it is time to fill the window up: a quarter of it is free, so that requests go out in batches.
    package var wantsRequests: Bool { self.requestRoom > 0 && self.pipeline.count * 4 < self.windowSize * 3 }
    /// The shortest time from a request to its block so far.
    package var minimalRoundTrip: Interval? { self.window.minimalRoundTrip }

    /// Whether `block` was asked for and is neither answered nor given up.
    package func isOutstanding(_ block: BlockRange) -> Bool { self.pipeline.contains(block) }

    /// Asks for a block. The session must be established, and the peer not choking us unless it allowed the piece:
    /// `requestRoom` and `allowedFastRoom` tell.
    package mutating func request(_ block: BlockRange, at now: Instant) {
        precondition(self.phase == .established, "request in phase \(self.phase)")
        precondition(
            !self.isChokedByPeer || self.allowedFastPieces.contains(block.piece), "request while the peer chokes us")
        self.now = max(self.now, now)
        if self.pipeline.count == 0 {
            self.lastProgress = now
            self.window.resume(at: now)
        }
        self.pipeline.append(block, at: now)
        MessageWriter.request(block, into: &self.output)
    }

    /// Takes a request back. The block may come all the same: its bytes are then dropped without fault. Whether it was
    /// outstanding.
    @discardableResult
    package mutating func cancel(_ block: BlockRange) -> Bool {
        guard self.pipeline.giveUp(block) else { return false }
        if self.phase == .established { MessageWriter.cancel(block, into: &self.output) }
        return true
    }

    /// Takes all outstanding blocks back without a word to the peer, for when the connection ends. (When a peer without
    /// BEP 6 chokes us the session does this itself and reports each as `blockRejected`.)
    package mutating func dropOutstanding(into blocks: inout [BlockRange]) {
        while let block = self.pipeline.giveUpFirst() { blocks.append(block) }
    }

    mutating func receiveBlock(_ block: BlockRange, into events: inout [PeerEvent]) {
        self.incomingOffset = block.begin
        switch self.pipeline.begin(block) {
        case .expected, .givenUp: break
        case .wrongLength: self.violate(.wrongBlockLength, into: &events)
        case .unrequested:
            self.greeting = .over
            self.violate(.unrequestedBlock, into: &events)
        }
    }

    mutating func receivePayload(_ offset: UInt32, _ count: UInt32, into events: inout [PeerEvent]) {
        guard let block = self.pipeline.incoming else {
            self.discardedBytes &+= UInt64(count)
            return
        }
        events.append(.payload(piece: block.piece, begin: self.incomingOffset, inputOffset: offset, count: count))
        // A block that was asked for ends inside its piece.
        self.incomingOffset &+= count
        self.downloadMeter.add(Int(count))
    }

    mutating func receiveBlockEnd(into events: inout [PeerEvent]) {
        guard let request = self.pipeline.end() else { return }
        self.lastProgress = self.now
        self.isSnubbed = false
        self.rejectsInRow = 0
        self.window.blockReceived(
            length: request.block.length, roundTrip: self.now - request.sentAt,
            cap: min(self.remoteRequestLimit, self.configuration.maximumWindow), at: self.now)
        events.append(.blockReceived(request.block))
    }

    mutating func receiveReject(_ block: BlockRange, into events: inout [PeerEvent]) {
        guard self.usesFast else { return self.violate(.notNegotiated, into: &events) }
        guard let wasOutstanding = self.pipeline.reject(block) else {
            return self.violate(.unrequestedReject, into: &events)
        }
        guard wasOutstanding else { return }
        // It has not choked us: more was asked of it than it keeps, or it cannot read its files.
        if !self.isChokedByPeer {
            self.window.limit(to: self.pipeline.count)
            self.noteReject()
        }
        events.append(.blockRejected(block))
    }

    /// Asking on at once would keep both sides busy with nothing.
    private mutating func noteReject() {
        self.rejectsInRow += 1
        guard self.rejectsInRow >= Self.rejectPatience else { return }
        self.rejectsInRow = 0
        self.restsUntil = self.now + Self.rejectPause
    }
}
