// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import PeerSession
import PeerWire
import PieceStore
import SwarmModel
import Swarming

/// A torrent of which nothing but the info-hash is known asks peers for the rest (BEP 9).
extension TorrentLoop {
    /// A peer said what it has and reads.
    func noteMetadata(of connection: PeerConnection, at now: Instant) {
        guard self.metadataFetch != nil, let slot = connection.slot,
            let size = connection.session.extendedHandshake?.metadataSize,
            connection.session.remoteNumber(of: ExtendedHandshake.metadataName) != nil
        else { return }
        guard self.metadataFetch?.offered(size, by: slot, at: now) == true else {
            self.services.logger.debug(
                "peer offers metadata that are too large",
                metadata: [
                    "torrent.id": "\(self.infoHash)", "peer.address": "\(connection.endpoint)", "bytes": "\(size)",
                ])
            return
        }
        self.requestMetadata(at: now)
    }

    /// Asks whoever may be asked for what is missing.
    func requestMetadata(at now: Instant) {
        guard self.metadataFetch != nil else { return }
        var requests: [(slot: PeerSlot, piece: Int)] = []
        self.metadataFetch?.nextRequests(at: now, into: &requests)
        for request in requests {
            guard let connection = self.peers[request.slot] else { continue }
            connection.session.sendExtended(
                ExtendedHandshake.metadataName, payload: MetadataMessage(.request, piece: request.piece).encoded)
            self.flush(connection)
        }
    }

    /// A message of the metadata exchange has come.
    func metadataMessage(at offset: UInt32, count: UInt32, from connection: PeerConnection, at now: Instant) {
        guard let slot = connection.slot else { return }
        let bytes = connection.session.extensionBytes[Int(offset)..<Int(offset) + Int(count)]
        guard let message = try? MetadataMessage(parsing: bytes) else {
            return self.punish(connection, for: connection.session.judge(.malformedMetadata), at: now)
        }
        switch message.kind {
        case .request: self.metadataRequested(message.piece, by: connection, at: now)
        case .reject:
            self.metadataFetch?.rejected(message.piece, by: slot, at: now)
            self.requestMetadata(at: now)
        case .data: self.metadataArrived(message, bytes.dropFirst(message.dataOffset), from: connection, slot, at: now)
        case .other: break
        }
    }

    private func metadataArrived(
        _ message: MetadataMessage, _ bytes: ArraySlice<UInt8>, from connection: PeerConnection, _ slot: PeerSlot,
        at now: Instant
    ) {
        guard
            let outcome = self.metadataFetch?.received(
                message.piece, totalSize: message.totalSize, bytes, from: slot, at: now)
        else { return }
        switch outcome {
        case .accepted: self.requestMetadata(at: now)
        case .wrong: self.punish(connection, for: connection.session.judge(.wrongMetadata), at: now)
        case .whole(let whole): self.examine(whole)
        }
    }

    /// Hashes metadata on one of the store's threads.
    private func examine(_ metadata: [UInt8]) {
        let (infoHash, infoHashV2) = (self.infoHash, self.infoHashV2)
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.services.store.compute(on: self.loop) {
            MetadataHash.of(metadata, matches: infoHash, v2: infoHashV2)
        } then: { isRight in
            bound.value.examined(metadata, isRight: isRight)
        }
    }

    private func examined(_ metadata: [UInt8], isRight: Bool) {
        guard self.phase == .metadata, let liars = self.metadataFetch?.judge(isRight: isRight) else { return }
        let now = self.now
        if isRight { self.metadataFetch = nil }
        for slot in liars {
            guard let connection = self.peers[slot] else { continue }
            self.punish(connection, for: connection.session.judge(.wrongMetadata), at: now)
        }
        guard isRight else { return self.requestMetadata(at: now) }
        self.publish(at: now)
        self.observer.torrent(self.infoHash, gotMetadata: metadata)
    }

    /// The metadata are known and the files are ready: what was only a name becomes an ordinary torrent. Its connections stay,
    /// and what peers said that they have counts from now on.
    func adopt(_ parameters: TorrentParameters) {
        guard self.phase == .metadata, parameters.geometry.pieceCount > 0 else { return }
        let now = self.now
        self.metadataFetch = nil
        self.layerFetch = nil
        self.equip(parameters, at: now)
        self.phase = self.swarm.isFinished ? .seeding : .downloading
        if self.isPrivate {
            // Nobody knows who told of these peers, and a private torrent's come from its trackers alone (BEP 27).
            self.closeAll()
            self.candidates = PeerCandidates(wayCount: self.services.ways.count)
        }
        for connection in Array(self.connections.values) { self.resize(connection, at: now) }
        self.wake()
        self.dial(at: now)
        self.askIdlePeers(at: now)
        self.tendWebSeeds(at: now)
        for connection in Array(self.connections.values) { self.flush(connection) }
        self.publish(at: now)
    }

    /// Tells a session, and the swarm of its peer.
    private func resize(_ connection: PeerConnection, at now: Instant) {
        var events: [PeerEvent] = []
        connection.session.adopt(
            self.geometry, have: self.swarm.have, metadataSize: self.metadata?.size, at: now, into: &events)
        for case .violation(let violation) in events { self.punish(connection, for: violation, at: now) }
        guard let slot = connection.slot, !connection.isClosed else { return }
        self.swarm.peerJoined(slot, at: now)
        self.swarm.peerHasPieces(slot, connection.session.remotePieces)
        if !connection.session.isChokedByPeer { self.swarm.peerUnchokedUs(slot) }
        if connection.session.isPeerInterested, let change = self.swarm.peerInterest(slot, true, at: now) {
            self.apply([change])
        }
        self.updateInterest(in: connection, at: now)
    }
}
