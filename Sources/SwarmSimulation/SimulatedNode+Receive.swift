// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

extension SimulatedNode {
    /// Payload has no content of its own: every block is a part of these bytes.
    private static let payload = [UInt8](repeating: 0, count: 128 << 10)

    /// A segment has come.
    func received(_ segment: Segment, on connection: SimulatedConnection) {
        guard !connection.isClosed, !self.isSilent else { return }
        guard !segment.isEnd else { return self.disconnected(connection) }
        self.receive(segment.bytes.span.bytes, isFalse: false, on: connection)
        if segment.payload > 0 {
            self.outcome.downloaded += UInt64(segment.payload)
            self.receive(
                Self.payload.span.bytes.extracting(0..<segment.payload), isFalse: segment.isFalse, on: connection)
            self.countDiscards(of: connection)
        }
        self.finishWakeUp(of: connection)
        if self.hasFreedBlocks { self.askIdlePeers() }
    }

    /// A deadline of the session has passed.
    func fireTimer(of connection: SimulatedConnection) {
        guard !connection.isClosed else { return }
        var events: [PeerEvent] = []
        connection.session.timerFired(at: self.now, into: &events)
        for event in events where !connection.isClosed { self.handle(event, isFalse: false, on: connection) }
        self.finishWakeUp(of: connection)
    }

    /// What every wake-up of a connection ends with.
    func finishWakeUp(of connection: SimulatedConnection) {
        guard !connection.isClosed else { return }
        self.request(from: connection)
        self.serve(connection)
        self.flush(connection)
    }

    /// Payload that the session dropped is wasted too.
    func countDiscards(of connection: SimulatedConnection) {
        self.outcome.wasted += connection.session.discardedBytes - connection.countedDiscards
        connection.countedDiscards = connection.session.discardedBytes
    }

    private func receive(_ bytes: RawSpan, isFalse: Bool, on connection: SimulatedConnection) {
        guard !connection.isClosed else { return }
        var events: [PeerEvent] = []
        swap(&events, &self.events)
        connection.session.receive(bytes, at: self.now, into: &events)
        for event in events {
            if connection.isClosed { break }
            self.handle(event, isFalse: isFalse, on: connection)
        }
        events.removeAll(keepingCapacity: true)
        swap(&events, &self.events)
    }

    private func handle(_ event: PeerEvent, isFalse: Bool, on connection: SimulatedConnection) {
        switch event {
        case .payload(let piece, let begin, _, let count):
            self.store(Int(count), in: piece, at: begin, isFalse: isFalse, from: connection)
        case .blockReceived(let block): self.blockReceived(block, from: connection)
        case .handshakeCompleted: self.handshakeCompleted(connection)
        case .violation(let violation):
            self.blame(connection.remote, points: violation.severity)
            if violation.endsConnection { self.close(connection) }
        case .suggested(let piece): self.suggested(piece, by: connection)
        case .requested(let block): self.noteRequest(of: block.piece, by: connection)
        case .cancelled, .extendedHandshakeReceived, .extensionMessage, .nodePortReceived, .hashesRequested,
            .hashesReceived, .hashesRejected, .compressedBlock:
            break
        case .snubbed: self.outcome.snubs += 1
        case .choked, .unchoked, .interested, .notInterested, .have, .piecesReplaced, .blockRejected, .blockTimedOut:
            guard let slot = connection.slot else { return }
            self.handleState(event, slot: slot, on: connection)
        }
    }

    private func handleState(_ event: PeerEvent, slot: Int, on connection: SimulatedConnection) {
        switch event {
        case .choked:
            self.swarm.peerChokedUs(slot, keepsRequests: connection.session.usesFast)
            self.hasFreedBlocks = true
        case .unchoked: self.swarm.peerUnchokedUs(slot)
        case .interested, .notInterested:
            let change = self.swarm.peerInterest(slot, event == .interested, at: self.now)
            if let change { self.apply([change]) }
            if event == .notInterested {
                self.withdrawOffers(to: slot)
            } else {
                self.offerPieces(to: connection)
            }
        case .have(let piece):
            self.swarm.peerHas(slot, piece)
            self.updateInterest(in: connection)
            self.notePassing(piece, by: connection)
            self.notePieces(of: connection, piece)
        case .piecesReplaced:
            self.swarm.peerHasPieces(slot, connection.session.remotePieces)
            self.updateInterest(in: connection)
            self.notePassing(nil, by: connection)
            self.notePieces(of: connection, nil)
        case .blockRejected(let block), .blockTimedOut(let block):
            self.swarm.blockLost(from: slot, block)
            self.hasFreedBlocks = true
        case .payload, .blockReceived, .requested, .cancelled, .handshakeCompleted, .violation, .snubbed,
            .extendedHandshakeReceived, .extensionMessage, .nodePortReceived, .hashesRequested, .hashesReceived,
            .hashesRejected, .suggested, .compressedBlock:
            break
        }
    }

    /// Tells the peer whether it has something that we want; ends connections between two that have everything.
    func updateInterest(in connection: SimulatedConnection) {
        guard let slot = connection.slot, !connection.isClosed else { return }
        if self.swarm.isComplete, connection.session.remoteIsSeed { return self.close(connection) }
        connection.session.setInterested(self.swarm.isInteresting(slot))
    }
}
