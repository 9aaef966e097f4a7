// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PieceStore
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Asks a peer for as many blocks as its window has room for.
    func request(from connection: PeerConnection, at now: Instant) {
        guard self.phase == .downloading, let slot = connection.slot, connection.session.wantsRequests else { return }
        var room = connection.session.requestRoom
        if self.downloadPace.isCapped {
            room = self.pacedRequests(room, at: now)
            guard room > 0 else { return }
        }
        var unused = room * Int(TorrentGeometry.blockLength)
        self.blocks.removeAll(keepingCapacity: true)
        self.swarm.nextBlocks(for: slot, limit: room, at: now, into: &self.blocks)
        if self.swarm.takeIdleHolder() != nil { self.askIdlePeersSoon() }
        self.blocks.removeAll { block in
            guard !self.holdsBuffer(for: block.piece) else { return false }
            self.swarm.blockLost(from: slot, block)
            return true
        }
        if connection.sendsCompressed { connection.session.request(self.blocks, at: now) }
        for block in self.blocks {
            if !connection.sendsCompressed { connection.session.request(block, at: now) }
            unused -= Int(block.length)
        }
        self.downloadPace.giveBack(unused)
    }

    /// Asks every peer that could be asked for more; for when blocks or buffers became free.
    func askIdlePeers(at now: Instant) {
        self.hasFreedBlocks = false
        guard self.phase == .downloading else { return }
        for connection in self.peers {
            guard let connection, !connection.isClosed else { continue }
            self.request(from: connection, at: now)
            self.flush(connection)
        }
        self.tendWebSeeds(at: now)
    }

    /// Does so once what is going on now is through, however often it is called for until then: several pieces that are
    /// done together cost one round over the connections.
    func askIdlePeersSoon() {
        guard !self.isRoundScheduled else { return }
        self.isRoundScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.loop.execute {
            let torrent = bound.value
            torrent.isRoundScheduled = false
            guard torrent.phase != .stopped else { return }
            torrent.askIdlePeers(at: torrent.now)
            for connection in Array(torrent.connections.values) { torrent.flush(connection) }
        }
    }

    /// Makes sure that an open piece has memory to arrive in; false when all buffer memory is in use.
    func holdsBuffer(for piece: PieceIndex) -> Bool {
        guard let open = self.swarm.openEntry(of: piece) else { return false }
        while self.buffers.count <= open { self.buffers.append(nil) }
        if self.buffers[open] != nil { return true }
        let length = Int(self.geometry.length(of: piece))
        let buffer = self.services.store.takeBuffer(length: length, isFirst: self.arriving == 0)
        guard let buffer else { return false }
        self.buffers[open] = buffer
        self.arriving += 1
        return true
    }
}
