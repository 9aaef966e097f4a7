// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import PeerSession
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Peers may talk: the handshake goes out.
    func connected(_ connection: PeerConnection) {
        self.dials[ObjectIdentifier(connection)] = nil
        guard !connection.isClosed,
            self.connections.updateValue(connection, forKey: ObjectIdentifier(connection)) == nil
        else { return }
        guard self.phase != .stopped else { return self.close(connection) }
        self.wake()
        connection.session.start(at: self.now)
        // Ours first: should the peer be ourselves, only the side that dialled can learn the lesson.
        self.flush(connection)
    }

    /// The handshake is done: the peer gets its number, unless it is here already.
    func handshakeCompleted(_ connection: PeerConnection, at now: Instant) {
        let id = connection.session.remotePeerID
        if let twin = self.peers.lazy.compactMap({ $0 }).first(where: { $0.session.remotePeerID == id }) {
            // Both sides may have dialled at once. Both keep the connection that the smaller id dialled.
            let weDialFirst = self.services.configuration.peerID.bytes.lexicographicallyPrecedes(id?.bytes ?? [])
            guard twin.isInbound == weDialFirst, connection.isInbound != twin.isInbound else {
                return self.close(connection)
            }
            self.close(twin)
        }
        let slot = self.freeSlot()
        self.peers[slot] = connection
        connection.slot = slot
        if let address = connection.dialAddress {
            self.candidates.markBusy(address)
            self.rememberWay(of: connection, to: address)
        }
        // Who has what can be told once it is known how many pieces there are.
        if self.phase != .metadata { self.swarm.peerJoined(slot, at: now) }
        guard self.layerFetch != nil, connection.session.usesV2 else { return }
        self.layerFetch?.joined(slot, at: now)
        self.requestLayers(at: now)
    }

    /// Ends a connection. What it owed is free for others.
    func close(_ connection: PeerConnection) {
        guard !connection.isClosed else { return }
        connection.isClosed = true
        self.forget(connection)
        connection.link.close()
    }

    /// The channel is gone. What it owed is asked of others.
    func disconnected(_ connection: PeerConnection) {
        if self.dials[ObjectIdentifier(connection)] != nil { return self.linkFailed(connection) }
        connection.isClosed = true
        self.forget(connection)
        // Later, because this may be in the middle of something that flushed.
        if self.hasFreedBlocks { self.askIdlePeersSoon() }
    }

    /// Ends connections with addresses that were banned since the last call, by whichever torrent.
    func dropBanned(at now: Instant) {
        let generation = self.services.bans.generation
        guard generation != self.seenBans else { return }
        self.seenBans = generation
        for connection in Array(self.connections.values)
        where self.services.bans.refuses(connection.endpoint.address, at: now) {
            self.close(connection)
        }
    }

    private func forget(_ connection: PeerConnection) {
        guard self.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        self.giveBackBudget(of: connection)
        let now = self.now
        if let slot = connection.slot {
            connection.slot = nil
            self.peers[slot] = nil
            self.swarm.peerLeft(slot, at: now)
            self.metadataFetch?.left(slot)
            self.layerFetch?.left(slot)
            self.witnessLeft(slot)
            self.asides[slot] = nil
            self.superSeed?.left(slot)
            self.downloadPace.giveBack(connection.session.outstandingCount * Int(TorrentGeometry.blockLength))
            self.hasFreedBlocks = true
            self.withdrawOffers(to: slot)
            self.releaseAddress(of: connection, at: now)
        } else if connection.session.ending == .ownPeerID {
            if !connection.isInbound { self.candidates.exclude(connection.endpoint) }
        } else if !connection.isInbound, !self.isConnected(to: connection.endpoint) {
            if self.candidates.failed(connection.endpoint, ways: connection.waysTried, at: now) { self.dialSoon() }
        }
    }

    /// A connection that had worked has ended: its address may be dialled again after a while.
    private func releaseAddress(of connection: PeerConnection, at now: Instant) {
        guard let address = connection.dialAddress, !self.isConnected(to: address) else { return }
        let isUseless = self.isComplete && connection.session.remoteIsSeed
        self.candidates.released(address, pause: .seconds(isUseless ? 1_800 : 15), at: now)
    }

    /// Ends all connections, and those that are only being made.
    func closeAll() {
        for connection in Array(self.connections.values) { self.close(connection) }
        for connection in Array(self.dials.values) {
            self.dials[ObjectIdentifier(connection)] = nil
            connection.isClosed = true
            self.giveBackBudget(of: connection)
            connection.link.close()
        }
    }

    func giveBackBudget(of connection: PeerConnection) {
        guard connection.holdsBudget else { return }
        connection.holdsBudget = false
        self.services.budget.giveBack()
    }
}
