// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization
import TrackerCore
import TrackerWire

/// The piece map of a torrent lies in its shard.
extension SwarmShards {
    func report(
        _ report: PieceReport, _ payload: Span<UInt8>, from address: IPAddress, at now: Instant
    ) -> PieceReportAnswer? {
        self.shard(of: report.peer.infoHash).state.withLock { $0.table.report(report, payload, from: address, at: now) }
    }

    func isRegistered(_ peer: MappedPeer, from address: IPAddress) -> Bool {
        self.shard(of: peer.infoHash).state.withLock { $0.table.isRegistered(peer, from: address) }
    }

    func epoch(of infoHash: InfoHash) -> UInt32 {
        self.shard(of: infoHash).state.withLock { $0.table.epoch }
    }

    /// Fills `selection` with up to `count` holders and returns how many there are.
    func holders(
        of piece: PieceIndex, in infoHash: InfoHash, _ count: Int, for asker: PeerEndpoint?, isV6: Bool,
        _ selection: inout PeerSelection
    ) -> Int {
        self.shard(of: infoHash).state.withLock { shard in
            shard.table.holders(
                of: piece, in: infoHash, count, for: asker, isV6: isV6, random: &shard.random, into: &selection)
        }
    }

    func availability(of infoHash: InfoHash, first: PieceIndex, _ count: Int) -> PieceAvailability? {
        self.shard(of: infoHash).state.withLock { $0.table.availability(of: infoHash, first: first, count) }
    }

    func rarest(_ count: Int, of infoHash: InfoHash, for asker: PeerEndpoint?) -> [PieceRarity] {
        self.shard(of: infoHash).state.withLock { shard in
            shard.table.rarest(count, of: infoHash, for: asker, random: &shard.random)
        }
    }

    func pieceSummary(of infoHash: InfoHash) -> PieceSummary? {
        self.shard(of: infoHash).state.withLock { $0.table.pieceSummary(of: infoHash) }
    }

    /// Sums over all shards.
    func mapTotals() -> (reporters: Int, bytes: Int) {
        var sum = (reporters: 0, bytes: 0)
        for shard in self.shards {
            shard.state.withLock { shard in
                sum.reporters += shard.table.reporters
                sum.bytes += shard.table.mapBytes
            }
        }
        return sum
    }
}
