// SPDX-License-Identifier: Apache-2.0

import PeerWire
package import SwarmModel

extension PeerSession {
    /// Blocks asked for and not answered yet.
    package var outstandingCount: Int { self.pipeline.count }
    /// Blocks that should be outstanding now: the measured window, or two units where more than a block is asked for at once,
    /// capped by what the peer keeps and what we allow.
    package var windowSize: Int {
        let unit = self.requestUnit
        return min(
            unit > 1 ? max(self.window.size, 2 * unit) : self.window.size, self.remoteRequestLimit,
            self.configuration.maximumWindow)
    }
    /// How many blocks to ask for at once, where as many as that lie in a row and are aligned to it: a power of two. More
    /// than 1 only of a peer that says it takes that (`sw_reqmax`) and sends.
    package var requestUnit: Int {
        guard self.remoteRequestUnit > 1, self.window.size >= RequestWindow.floor else { return 1 }
        let cap = min(self.remoteRequestLimit, self.configuration.maximumWindow) / 2
        var unit = self.remoteRequestUnit
        while unit > 1, unit > cap { unit /= 2 }
        return unit
    }
    /// How many more blocks to ask for now: 0 while choked, before the handshake, after the end, and for a moment after
    /// many rejections. Whole units, while there is something outstanding.
    package var requestRoom: Int {
        guard self.phase == .established, !self.isChokedByPeer, self.now >= self.restsUntil else { return 0 }
        let room = max(0, self.windowSize - self.pipeline.count)
        let unit = self.requestUnit
        guard unit > 1, self.pipeline.count > 0 else { return room }
        return room - room % unit
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

    /// Asks for a block, or several in a row at once. The session must be established, and the peer not choking us unless it
    /// allowed the piece: `requestRoom` and `allowedFastRoom` tell. More than one block at once only of a peer that takes
    /// it: `request(_:at:)` for many sees to that.
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

    /// Asks for blocks, those that make up a whole unit of `requestUnit` at once. The same conditions hold for each.
    package mutating func request(_ blocks: [BlockRange], at now: Instant) {
        var start = 0
        while start < blocks.count {
            let count = self.unitCount(blocks, from: start)
            let last = blocks[start + count - 1]
            let first = blocks[start]
            self.request(
                BlockRange(piece: first.piece, begin: first.begin, length: UInt32(last.end) - first.begin), at: now)
            start += count
        }
    }

    /// How many of `blocks` from `start` on are asked for at once: a whole aligned unit, or one. Never another number, so
    /// that all peers cut a piece alike and what was compressed for one serves all.
    private func unitCount(_ blocks: [BlockRange], from start: Int) -> Int {
        let unit = self.requestUnit
        let first = blocks[start]
        guard unit > 1, first.begin.isMultiple(of: UInt32(unit) * TorrentGeometry.blockLength) else { return 1 }
        let left = self.configuration.geometry.length(of: first.piece) - first.begin
        let wanted = min(left, UInt32(unit) * TorrentGeometry.blockLength)
        var end = UInt64(first.begin)
        var index = start
        while index < blocks.count, blocks[index].piece == first.piece, UInt64(blocks[index].begin) == end,
            end < UInt64(first.begin) + UInt64(wanted)
        {
            end = blocks[index].end
            index += 1
        }
        return end == UInt64(first.begin) + UInt64(wanted) ? index - start : 1
    }

    /// Takes a request for a block back. The block may come all the same: its bytes are then dropped without fault. Whether
    /// it was outstanding. The peer is told when nothing is wanted any more of what was asked for at once.
    @discardableResult
    package mutating func cancel(_ block: BlockRange) -> Bool {
        switch self.pipeline.giveUp(block) {
        case .notOutstanding: return false
        case .inPart: return true
        case .whole(let range):
            if self.phase == .established { MessageWriter.cancel(range, into: &self.output) }
            return true
        }
    }

    /// Takes all outstanding blocks back without a word to the peer, for when the connection ends. (When a peer without
    /// BEP 6 chokes us the session does this itself and reports each as `blockRejected`.)
    package mutating func dropOutstanding(into blocks: inout [BlockRange]) {
        while let request = self.pipeline.giveUpFirst() { request.forEachWanted { blocks.append($0) } }
    }

    mutating func receiveBlock(_ block: BlockRange, into events: inout [PeerEvent]) {
        self.incomingOffset = block.begin
        self.beginAnswer(block, into: &events)
    }

    /// An answer to a request begins; whether it was expected. Its bytes are dropped when it was not, or not any more.
    @discardableResult
    mutating func beginAnswer(_ block: BlockRange, into events: inout [PeerEvent]) -> Bool {
        switch self.pipeline.begin(block) {
        case .expected: return true
        case .givenUp: return false
        case .wrongLength: self.violate(.wrongBlockLength, into: &events)
        case .unrequested:
            self.greeting = .over
            self.violate(.unrequestedBlock, into: &events)
        }
        return false
    }

    mutating func receivePayload(_ offset: UInt32, _ count: UInt32, into events: inout [PeerEvent]) {
        var offset = offset
        var left = count
        while left > 0 {
            guard let request = self.pipeline.incoming else {
                self.discardedBytes &+= UInt64(left)
                return
            }
            // What was asked for ends inside its piece, and the parser gives no more than that.
            let step = min(left, request.bytesToPartEnd(at: self.incomingOffset))
            if request.wantsByte(at: self.incomingOffset) {
                events.append(
                    .payload(
                        piece: request.range.piece, begin: self.incomingOffset, inputOffset: offset, count: step))
                self.downloadMeter.add(Int(step))
            } else {
                self.discardedBytes &+= UInt64(step)
            }
            self.incomingOffset &+= step
            offset &+= step
            left -= step
            self.receivePart(endingAt: self.incomingOffset, of: request, into: &events)
        }
    }

    /// Takes note of a block that is here whole, if one that is wanted ends there.
    mutating func receivePart(endingAt end: UInt32, of request: PendingRequest, into events: inout [PeerEvent]) {
        guard let part = self.pipeline.finishPart(endingAt: end) else { return }
        self.lastProgress = self.now
        self.isSnubbed = false
        self.rejectsInRow = 0
        self.window.blockReceived(
            length: part.length, roundTrip: self.now - request.sentAt,
            cap: min(self.remoteRequestLimit, self.configuration.maximumWindow), at: self.now)
        events.append(.blockReceived(part))
    }

    mutating func receiveReject(_ block: BlockRange, into events: inout [PeerEvent]) {
        guard self.usesFast else { return self.violate(.notNegotiated, into: &events) }
        switch self.pipeline.reject(block) {
        case .unrequested: self.violate(.unrequestedReject, into: &events)
        case .givenUp: break
        case .outstanding(let request):
            // It has not choked us: more was asked of it than it keeps, or it cannot read its files.
            if !self.isChokedByPeer {
                self.window.limit(to: self.pipeline.count)
                self.noteReject()
            }
            request.forEachWanted { events.append(.blockRejected($0)) }
        }
    }

    /// Asking on at once would keep both sides busy with nothing.
    private mutating func noteReject() {
        self.rejectsInRow += 1
        guard self.rejectsInRow >= Self.rejectPatience else { return }
        self.rejectsInRow = 0
        self.restsUntil = self.now + Self.rejectPause
    }
}
