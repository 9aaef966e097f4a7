// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
package import TrackerWire

// Questions, and recommendations.
extension SwarmTable {
    /// Fills `selection` with reporters that have what the asker lacks: half of what it wants. Only where there are more
    /// peers than it wants: else it gets all.
    mutating func recommend(
        _ wanted: Int, at position: Int, to announcement: Announcement, _ now: UInt32, random: inout SplitMix64,
        into selection: inout PeerSelection
    ) {
        if announcement.isSeed { self.leaveMap(announcement, at: position) }
        guard !announcement.isSeed, self.torrents[position].addressCount > wanted,
            let map = self.maps[Int(self.torrents[position].mapNumber)],
            let slot = map.slot(of: announcement.endpoint)
        else { return }
        map.recommend(wanted / 2, to: slot, at: now, random: &random, into: &selection)
    }

    /// Whether a peer has announced itself from this address, under these names.
    package func isRegistered(_ peer: MappedPeer, from address: IPAddress) -> Bool {
        self.registration(of: peer, from: address) != nil
    }

    /// Fills `selection` with up to `count` peers that have a piece, and returns how many report that they have it. Who
    /// asks, if it is known, is not among them and decides the family.
    package func holders(
        of piece: PieceIndex, in infoHash: InfoHash, _ count: Int, for asker: PeerEndpoint?, isV6: Bool,
        random: inout SplitMix64, into selection: inout PeerSelection
    ) -> Int {
        selection.removeAll()
        guard let map = self.map(of: infoHash), piece.rawValue < map.pieceCount else { return 0 }
        map.holders(
            of: piece.offset, count, isV6: isV6, without: asker.flatMap { map.slot(of: $0) }, random: &random
        ) { selection.append($0) }
        return Int(map.counts[piece.offset])
    }

    /// How many have each of up to `count` pieces from `first` on; nil when nobody takes part in the torrent.
    package func availability(of infoHash: InfoHash, first: PieceIndex, _ count: Int) -> PieceAvailability? {
        guard let position = self.find(infoHash) else { return nil }
        let counts = self.torrents[position].counts
        let map = self.map(of: infoHash)
        var answer = PieceAvailability(
            epoch: self.epoch, pieceCount: map?.pieceCount ?? 0, seeds: UInt32(clamping: counts.complete),
            reporters: UInt32(clamping: map?.reporterCount ?? 0), first: first)
        guard let map, first.rawValue < map.pieceCount else { return answer }
        let end = min(Int(map.pieceCount), first.offset + max(count, 0))
        answer.counts = (first.offset..<end).map { UInt8(clamping: map.counts[$0]) }
        return answer
    }

    /// Up to `count` pieces that the fewest have, of those that the asker has not reported.
    package func rarest(
        _ count: Int, of infoHash: InfoHash, for asker: PeerEndpoint?, random: inout SplitMix64
    ) -> [PieceRarity] {
        guard let map = self.map(of: infoHash) else { return [] }
        return map.rarest(count, without: asker.flatMap { map.slot(of: $0) }, random: &random)
    }

    /// What a torrent's map amounts to; nil when nobody takes part in it.
    package func pieceSummary(of infoHash: InfoHash) -> PieceSummary? {
        guard let position = self.find(infoHash) else { return nil }
        let torrent = self.torrents[position]
        guard let map = self.map(of: infoHash) else { return PieceSummary(counts: torrent.counts) }
        return PieceSummary(map, torrent.counts)
    }

    private func map(of infoHash: InfoHash) -> PieceMap? {
        self.find(infoHash).flatMap { self.maps[Int(self.torrents[$0].mapNumber)] }
    }
}
