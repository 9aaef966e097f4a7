// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PeerWire
import PieceStore
import SwarmModel
import Swarming

/// Gives peers hashes of the files' trees (BEP 52): of the pieces and what lies above them from the metainfo, of blocks from
/// the pieces that are here.
extension TorrentLoop {
    /// The longest run that is served: what the blocks of the longest usual pieces need. More than anybody should ask for.
    private static let servedCount: UInt32 = 2_048
    /// Requests that are worked on at a time.
    private static let inFlightLimit = 32

    /// A peer asks for hashes.
    func hashesRequested(at offset: UInt32, by connection: PeerConnection, at now: Instant) {
        guard let range = HashRange(parsing: connection.session.extensionBytes[Int(offset)...]) else { return }
        guard range.isWellFormed, range.count <= Self.servedCount, self.phase != .metadata,
            self.hashTrees.inFlight < Self.inFlightLimit, self.allowsHashes(range, to: connection, at: now)
        else { return connection.session.rejectHashes(range) }
        self.hashTrees.inFlight += 1
        self.hashTrees.use(at: now) { trees in
            guard let trees, self.phase != .stopped, self.phase != .metadata else {
                return self.answer(range, nil, to: connection)
            }
            let bound = NIOLoopBound((self, connection), eventLoop: self.loop)
            self.storage.hashes(range, from: trees, having: self.swarm.have, on: self.loop) { hashes in
                let (torrent, connection) = bound.value
                torrent.answer(range, hashes, to: connection)
            }
        }
    }

    private func answer(_ range: HashRange, _ hashes: [UInt8]?, to connection: PeerConnection) {
        self.hashTrees.inFlight -= 1
        guard !connection.isClosed else { return }
        if let hashes { connection.session.sendHashes(range, hashes) } else { connection.session.rejectHashes(range) }
        self.flush(connection)
    }

    private func allowsHashes(_ range: HashRange, to connection: PeerConnection, at now: Instant) -> Bool {
        var allowance =
            connection.hashAllowance ?? HashAllowance(pieceCount: self.geometry.pieceCount, at: now)
        defer { connection.hashAllowance = allowance }
        // Blocks are read and hashed by the piece.
        let blocks = range.layer == 0 ? Int(self.geometry.pieceLength / TorrentGeometry.blockLength) : 0
        return allowance.take(range, blocks: blocks, at: now)
    }
}
