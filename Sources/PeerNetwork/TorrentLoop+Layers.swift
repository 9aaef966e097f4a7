// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PeerWire
import PieceStore
import SwarmModel
import Swarming

/// Asks peers for the piece layers of the files (BEP 52): no piece of a v2 torrent can be judged without them.
extension TorrentLoop {
    /// Begins to fetch the layers of `files`; the observer is told when all are here.
    func fetchLayers(_ files: [LayerFetch.File], pieceLayer: Int) {
        guard self.phase != .stopped, self.layerFetch == nil else { return }
        let now = self.now
        self.layerFetch = LayerFetch(files, pieceLayer: pieceLayer)
        for (slot, connection) in self.peers.enumerated() where connection?.session.usesV2 == true {
            self.layerFetch?.joined(slot, at: now)
        }
        self.wake()
        self.requestLayers(at: now)
        self.publish(at: now)
    }

    /// Asks whoever may be asked for what is missing.
    func requestLayers(at now: Instant) {
        guard self.layerFetch != nil else { return }
        var requests: [(slot: PeerSlot, range: HashRange)] = []
        self.layerFetch?.nextRequests(at: now, into: &requests)
        for request in requests {
            guard let connection = self.peers[request.slot] else { continue }
            connection.session.requestHashes(request.range)
            self.flush(connection)
        }
    }

    /// Hashes came from a peer.
    func hashesReceived(at offset: UInt32, count: UInt32, from connection: PeerConnection, at now: Instant) {
        let body = connection.session.extensionBytes[Int(offset)..<Int(offset) + Int(count)]
        guard let slot = connection.slot, let range = HashRange(parsing: body) else { return }
        let hashes = Array(body.dropFirst(HashRange.encodedLength))
        if self.leavesReceived(range, hashes, from: connection, at: now) { return }
        guard let chunk = self.layerFetch?.received(range, from: slot) else {
            return self.punish(connection, for: connection.session.judge(.unrequestedHashes), at: now)
        }
        let bound = NIOLoopBound((self, connection), eventLoop: self.loop)
        self.services.store.compute(on: self.loop) {
            HashProof.leads(range, hashes, to: range.root)
        } then: { isRight in
            let (torrent, connection) = bound.value
            torrent.judgeLayer(chunk, hashes, isRight: isRight, from: connection)
        }
    }

    private func judgeLayer(_ chunk: Int, _ hashes: [UInt8], isRight: Bool, from connection: PeerConnection) {
        guard self.phase != .stopped, self.layerFetch != nil else { return }
        let now = self.now
        self.layerFetch?.judge(chunk, hashes, isRight: isRight)
        if !isRight { self.punish(connection, for: connection.session.judge(.wrongHashes), at: now) }
        guard let fetch = self.layerFetch, fetch.isDone else { return self.requestLayers(at: now) }
        self.layerFetch = nil
        self.observer.torrent(self.infoHash, gotPieceLayers: fetch.layers)
    }

    /// A peer refuses hashes.
    func hashesRejected(at offset: UInt32, by connection: PeerConnection, at now: Instant) {
        guard let slot = connection.slot,
            let range = HashRange(parsing: connection.session.extensionBytes[Int(offset)...])
        else { return }
        if self.leavesRejected(range, by: connection, at: now) { return }
        if self.layerFetch?.rejected(range, by: slot, at: now) == true { self.requestLayers(at: now) }
    }
}
