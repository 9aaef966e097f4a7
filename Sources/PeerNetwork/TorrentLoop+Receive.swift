// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import PeerSession
import PieceStore
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Bytes arrived. Payload goes from here straight into its piece's buffer; it is copied once.
    func received(_ buffer: ByteBuffer, on connection: PeerConnection) {
        guard !connection.isClosed else { return }
        let now = self.now
        // The queue is taken out while it is worked through: handling an event may end the connection.
        var events: [PeerEvent] = []
        swap(&events, &self.events)
        buffer.withUnsafeReadableBytes { input in
            connection.session.receive(input.bytes, at: now, into: &events)
            for event in events {
                if connection.isClosed { break }
                self.handle(event, input: input, on: connection, at: now)
            }
        }
        events.removeAll(keepingCapacity: true)
        swap(&events, &self.events)
    }

    /// The channel has no more to read for now: ask for blocks, serve, flush once.
    func readCompleted(_ connection: PeerConnection) {
        self.finishWakeUp(of: connection)
        if self.hasFreedBlocks { self.askIdlePeers(at: self.now) }
    }

    /// A deadline of the session has passed.
    func fireTimer(of connection: PeerConnection, at now: Instant) {
        var events: [PeerEvent] = []
        connection.session.timerFired(at: now, into: &events)
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        for event in events where !connection.isClosed {
            self.handle(event, input: nothing, on: connection, at: now)
        }
        self.finishWakeUp(of: connection)
    }

    /// What every wake-up of a connection ends with.
    func finishWakeUp(of connection: PeerConnection) {
        guard !connection.isClosed else { return }
        self.request(from: connection, at: self.now)
        self.serve(connection)
        self.flush(connection)
    }

    private func handle(
        _ event: PeerEvent, input: UnsafeRawBufferPointer, on connection: PeerConnection, at now: Instant
    ) {
        switch event {
        case .payload(let piece, let begin, let inputOffset, let count):
            let start = Int(inputOffset)
            let bytes = UnsafeRawBufferPointer(rebasing: input[start..<start + Int(count)])
            self.store(bytes, in: piece, at: begin, from: connection.slot)
        case .blockReceived(let block): self.blockReceived(block, from: connection.slot, at: now)
        case .requested(let block): self.noteRequest(of: block.piece, by: connection, at: now)
        case .cancelled: break
        case .handshakeCompleted: self.handshakeCompleted(connection, at: now)
        case .violation(let violation): self.punish(connection, for: violation, at: now)
        case .extendedHandshakeReceived:
            // A little too many until the next tick does no harm.
            if connection.session.remoteDeflateID != nil { self.compressionTakers += 1 }
            self.noteMetadata(of: connection, at: now)
            self.noteExternalAddress(from: connection)
            if let address = connection.dialAddress {
                self.candidates.insert(address, in: connection.version, at: now)
                self.rememberWay(of: connection, to: address)
            }
        case .extensionMessage(let id, let offset, let count):
            if id == PeerSession.metadataID {
                self.metadataMessage(at: offset, count: count, from: connection, at: now)
            } else if id == PeerSession.exchangeID {
                self.exchangeMessage(at: offset, count: count, from: connection, at: now)
            }
        case .nodePortReceived: self.nodePortReceived(from: connection)
        case .suggested(let piece): self.suggested(piece, by: connection, at: now)
        case .hashesRequested(let offset): self.hashesRequested(at: offset, by: connection, at: now)
        case .hashesReceived(let offset, let count):
            self.hashesReceived(at: offset, count: count, from: connection, at: now)
        case .hashesRejected(let offset): self.hashesRejected(at: offset, by: connection, at: now)
        case .compressedBlock(let range, let offset, let count):
            self.inflate(range, at: offset, count: count, from: connection, at: now)
        case .choked, .unchoked, .interested, .notInterested, .have, .piecesReplaced, .blockRejected, .blockTimedOut,
            .snubbed:
            guard let slot = connection.slot, self.phase != .metadata else { return }
            self.handleState(event, slot: slot, connection: connection, at: now)
        }
    }

    private func handleState(_ event: PeerEvent, slot: Int, connection: PeerConnection, at now: Instant) {
        switch event {
        case .choked:
            self.swarm.peerChokedUs(slot, keepsRequests: connection.session.usesFast)
            self.hasFreedBlocks = true
        case .unchoked: self.swarm.peerUnchokedUs(slot)
        case .interested, .notInterested:
            if let change = self.swarm.peerInterest(slot, event == .interested, at: now) { self.apply([change]) }
            if event == .notInterested {
                self.withdrawOffers(to: slot)
            } else {
                self.allowFast(to: connection)
                self.offerPieces(to: connection, at: now)
            }
        case .have(let piece):
            self.swarm.peerHas(slot, piece)
            self.updateInterest(in: connection, at: now)
            self.notePieces(of: connection, piece, at: now)
            self.notePassing(piece, by: connection, at: now)
        case .piecesReplaced:
            self.swarm.peerHasPieces(slot, connection.session.remotePieces)
            self.updateInterest(in: connection, at: now)
            self.notePieces(of: connection, nil, at: now)
            self.notePassing(nil, by: connection, at: now)
        case .blockRejected(let block), .blockTimedOut(let block):
            self.swarm.blockLost(from: slot, block)
            self.downloadPace.giveBack(Int(block.length))
            self.hasFreedBlocks = true
        case .snubbed, .payload, .blockReceived, .requested, .cancelled, .handshakeCompleted, .violation,
            .extendedHandshakeReceived, .extensionMessage, .nodePortReceived, .suggested, .compressedBlock,
            .hashesRequested, .hashesReceived, .hashesRejected:
            break
        }
    }

    /// A peer has a node of the hash table, which is of use unless the torrent is private (BEP 27).
    private func nodePortReceived(from connection: PeerConnection) {
        guard !self.isPrivate, let port = connection.session.remoteDHTPort else { return }
        self.services.configuration.hashTable?.onNode(
            PeerEndpoint(address: connection.endpoint.address, port: port))
    }

    /// Tells the peer whether it has something that we want; ends connections between two that have everything.
    func updateInterest(in connection: PeerConnection, at now: Instant) {
        guard let slot = connection.slot, !connection.isClosed else { return }
        if self.isComplete, connection.session.remoteIsSeed { return self.close(connection) }
        connection.session.setInterested(self.swarm.isInteresting(slot))
    }

    func punish(_ connection: PeerConnection, for violation: PeerViolation, at now: Instant) {
        if violation.severity > 0,
            self.services.bans.blame(connection.endpoint.address, points: violation.severity, at: now)
        {
            self.ban(connection.endpoint, reason: violation.description)
        }
        guard violation.endsConnection else { return }
        self.services.logger.debug(
            "peer connection ended by a fault",
            metadata: [
                "torrent.id": "\(self.infoHash)", "peer.address": "\(connection.endpoint)",
                "fault": "\(violation.description)",
            ])
        self.close(connection)
    }

    /// Drops every connection with an address that has just been banned.
    func ban(_ endpoint: PeerEndpoint, reason: String) {
        self.observer.torrent(self.infoHash, banned: endpoint, reason: reason)
        for connection in Array(self.connections.values) where connection.endpoint.address == endpoint.address {
            self.close(connection)
        }
    }
}
