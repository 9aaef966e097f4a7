// SPDX-License-Identifier: Apache-2.0

import Discovery
import PeerNetwork
import SwarmModel

extension TorrentHandle {
    /// Pieces whose holders are asked for at a time.
    private static let lonelyLimit = 16

    /// What the client of piece maps must know of the torrent, and where what it learns goes. `onForgotten` is called when
    /// the tracker does not know us.
    func mapped(pieceCount: Int, onForgotten: @escaping @Sendable () async -> Void) -> MappedTorrent {
        MappedTorrent(
            pieceCount: pieceCount,
            need: {
                let status = self.status
                switch status.phase {
                case .downloading: return .download
                case .seeding: return status.peers > status.seeds ? .source : .nothing
                case .metadata, .stopped, .suspended: return .nothing
                }
            },
            have: { try? await self.have() },
            lonely: { (try? await self.lonelyPieces(limit: Self.lonelyLimit)) ?? [] },
            onCounts: { self.setTrackerCounts($0, $1) },
            onHolders: { self.add(candidates: $0) },
            onUnsent: { self.advise(unsent: $0) },
            onForgotten: onForgotten)
    }
}
