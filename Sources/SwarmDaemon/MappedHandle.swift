// SPDX-License-Identifier: Apache-2.0

import Discovery
import PeerNetwork
import SwarmModel

/// A running torrent as the client of piece maps sees it.
final class MappedHandle: MappedTorrent {
    /// Pieces whose holders are asked for at a time.
    private static let lonelyLimit = 16

    private let handle: TorrentHandle
    private let announcer: Announcer
    let pieceCount: Int

    /// What the tracker has forgotten is told to `announcer`.
    init(_ handle: TorrentHandle, pieceCount: Int, announcer: Announcer) {
        self.handle = handle
        self.pieceCount = pieceCount
        self.announcer = announcer
    }

    var need: MappedNeed {
        let status = self.handle.status
        switch status.phase {
        case .downloading: return .download
        case .seeding: return status.peers > status.seeds ? .source : .nothing
        case .metadata, .stopped, .suspended: return .nothing
        }
    }

    func have() async -> Bitfield? { try? await self.handle.have() }
    func lonelyPieces() async -> [PieceIndex] {
        (try? await self.handle.lonelyPieces(limit: Self.lonelyLimit)) ?? []
    }
    func take(_ first: PieceIndex, counts: [UInt32]) { self.handle.setTrackerCounts(first, counts) }
    func take(holders: [PeerEndpoint]) { self.handle.add(candidates: holders) }
    func take(unsent pieces: [PieceIndex]) { self.handle.advise(unsent: pieces) }
    func wasForgotten() async { await self.announcer.forgotten(self.handle.infoHash) }
}
