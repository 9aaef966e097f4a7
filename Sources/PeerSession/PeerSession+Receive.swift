// SPDX-License-Identifier: Apache-2.0

import PeerWire
package import SwarmModel

extension PeerSession {
    /// Takes bytes from the peer, in any slicing. Offsets in `payload` events are into `bytes`. After a terminal
    /// violation nothing is read any more.
    package mutating func receive(_ bytes: RawSpan, at now: Instant, into events: inout [PeerEvent]) {
        precondition(bytes.byteCount <= Int(UInt32.max), "receive takes at most 4 GiB at a time")
        guard self.phase != .closed, bytes.byteCount > 0 else { return }
        self.now = now
        self.lastReceived = now
        if !self.extensionBytes.isEmpty { self.resetExtensionBytes() }
        var cursor = 0
        repeat {
            let message = self.parser.next(in: bytes, at: &cursor)
            switch message {
            case .needMore: return
            case .payload(let offset, let count): self.receivePayload(offset, count, into: &events)
            case .block(let block): self.receiveBlock(block, into: &events)
            case .blockEnd: self.pipeline.end()
            case .request(let block): self.receiveRequest(block, into: &events)
            case .have(let piece): self.receiveHave(piece, into: &events)
            case .cancel(let block): self.receiveCancel(block, into: &events)
            case .reject(let block): self.receiveReject(block, into: &events)
            case .keepAlive, .ignored: break
            case .choke: self.receiveChoke(into: &events)
            case .unchoke: self.receiveUnchoke(into: &events)
            case .interested: self.receiveInterest(true, into: &events)
            case .notInterested: self.receiveInterest(false, into: &events)
            case .bitfield: self.receiveBitfield(into: &events)
            case .haveAll: self.receiveFastPieces(filled: true, into: &events)
            case .haveNone: self.receiveFastPieces(filled: false, into: &events)
            case .suggest, .allowedFast: self.receiveHint(message, into: &events)
            case .port(let port):
                self.remoteDHTPort = port
                events.append(.nodePortReceived)
            case .extended(let id): self.receiveExtended(id, into: &events)
            case .hashRequest, .hashes, .hashReject: self.receiveHashes(message, into: &events)
            case .handshake: self.receiveHandshake(into: &events)
            case .fault(let fault): self.violate(.wire(fault), into: &events)
            }
        } while self.phase != .closed
    }

    private mutating func resetExtensionBytes() {
        // Memory of a burst is kept while bursts come.
        if self.extensionBytes.capacity > max(WireLimits.keptBodyCapacity, 4 * self.extensionBytes.count) {
            self.extensionBytes = []
        } else {
            self.extensionBytes.removeAll(keepingCapacity: true)
        }
    }

    private mutating func noteMessage() {
        self.greeting = .over
    }

    private mutating func receiveChoke(into events: inout [PeerEvent]) {
        self.noteMessage()
        guard !self.isChokedByPeer else { return }
        self.isChokedByPeer = true
        events.append(.choked)
        // With BEP 6 the peer answers each request all the same.
        guard !self.usesFast else { return }
        while let request = self.pipeline.giveUpFirst() { request.forEachWanted { events.append(.blockRejected($0)) } }
    }

    private mutating func receiveUnchoke(into events: inout [PeerEvent]) {
        self.noteMessage()
        guard self.isChokedByPeer else { return }
        self.isChokedByPeer = false
        self.window.resume(at: self.now)
        self.lastProgress = self.now
        events.append(.unchoked)
    }

    private mutating func receiveInterest(_ isInterested: Bool, into events: inout [PeerEvent]) {
        self.noteMessage()
        guard self.isPeerInterested != isInterested else { return }
        self.isPeerInterested = isInterested
        events.append(isInterested ? .interested : .notInterested)
    }

    private mutating func receiveHave(_ piece: PieceIndex, into events: inout [PeerEvent]) {
        self.noteMessage()
        guard self.isSized else {
            _ = self.unsizedPieces.insert(piece)
            return
        }
        if self.remotePieces.insert(piece) { events.append(.have(piece)) }
    }

    private mutating func receiveBitfield(into events: inout [PeerEvent]) {
        guard self.isSized else {
            self.greeting = .over
            return self.unsizedPieces.formUnion(self.parser.body)
        }
        self.receivePieces(Bitfield(wire: self.parser.body, count: self.have.count), into: &events)
    }

    private mutating func receiveFastPieces(filled: Bool, into events: inout [PeerEvent]) {
        guard self.usesFast else { return self.violate(.notNegotiated, into: &events) }
        guard self.isSized else {
            self.greeting = .over
            if filled { self.unsizedPieces.fill() }
            return
        }
        self.receivePieces(Bitfield(count: self.have.count, filled: filled), into: &events)
    }

    /// The first word on what the peer has stands as it is. Later ones are taken as many HAVEs, because aria2 sends them
    /// so at any time; they never take a piece away.
    private mutating func receivePieces(_ pieces: Bitfield?, into events: inout [PeerEvent]) {
        guard let pieces else { return self.violate(.spareBits, into: &events) }
        let isGreeting = self.greeting == .expected
        self.greeting = .over
        let gained = self.remotePieces.formUnion(pieces)
        guard isGreeting || gained > 0 else { return self.violate(.needlessBitfield, into: &events) }
        events.append(.piecesReplaced)
    }

    private mutating func receiveHint(_ message: PeerMessage, into events: inout [PeerEvent]) {
        self.noteMessage()
        guard self.usesFast else { return self.violate(.notNegotiated, into: &events) }
        if case .suggest(let piece) = message { return events.append(.suggested(piece)) }
        guard case .allowedFast(let piece) = message, self.allowedFastPieces.count < Self.allowedFastLimit,
            !self.allowedFastPieces.contains(piece)
        else { return }
        self.allowedFastPieces.append(piece)
    }
}
