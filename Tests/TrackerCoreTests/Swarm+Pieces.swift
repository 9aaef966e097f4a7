// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerCore
import TrackerWire

extension Swarm {
    static func peer(_ number: Int, torrent: Int = 0, key: UInt32 = 0, port: UInt16 = 6881) -> MappedPeer {
        MappedPeer(infoHash: Self.hash(torrent), peerID: Self.peerID(number), key: key, port: port)
    }

    static func pieces(_ count: Int, _ pieces: some Sequence<Int>) -> Bitfield {
        var set = Bitfield(count: count)
        for piece in pieces { set.insert(PieceIndex(piece)) }
        return set
    }

    /// Peer `number` reports all that it has.
    @discardableResult
    mutating func report(
        _ number: Int, whole pieces: Bitfield, torrent: Int = 0, address: IPAddress? = nil, sequence: UInt32 = 1,
        key: UInt32 = 0, port: UInt16 = 6881
    ) -> PieceReportAnswer.Verdict? {
        self.report(
            Self.peer(number, torrent: torrent, key: key, port: port), pieces, PieceChecksum(pieces), isWhole: true,
            sequence: sequence, address: address ?? Self.v4(number))
    }

    /// Peer `number` reports `news`; with them it says to have `all`.
    @discardableResult
    mutating func report(
        _ number: Int, news: Bitfield, all: Bitfield, sequence: UInt32, epoch: UInt32? = nil
    ) -> PieceReportAnswer.Verdict? {
        self.report(
            Self.peer(number), news, PieceChecksum(all), isWhole: false, sequence: sequence, epoch: epoch,
            address: Self.v4(number))
    }

    private mutating func report(
        _ peer: MappedPeer, _ pieces: Bitfield, _ sum: PieceChecksum, isWhole: Bool, sequence: UInt32,
        epoch: UInt32? = nil, address: IPAddress
    ) -> PieceReportAnswer.Verdict? {
        let encoded = EncodedPieces(pieces)
        let report = PieceReport(
            peer: peer, isWhole: isWhole, encoding: encoded.encoding, sequence: sequence,
            epoch: epoch ?? self.table.epoch, pieceCount: UInt32(pieces.count), sum: sum)
        return self.table.report(report, encoded.payload.span, from: address, at: self.now)?.verdict
    }

    func counts(torrent: Int = 0) -> [UInt8] {
        self.table.availability(of: Self.hash(torrent), first: PieceIndex(0), 100_000)?.counts ?? []
    }

    mutating func holders(of piece: Int, _ count: Int = 100, for asker: Int? = nil) -> (
        count: Int, peers: Set<IPAddress>
    ) {
        let endpoint = asker.map { PeerEndpoint(address: Self.v4($0), port: 6881) }
        let number = self.table.holders(
            of: PieceIndex(piece), in: Self.hash(0), count, for: endpoint, isV6: false, random: &self.random,
            into: &self.selection)
        return (number, Set(self.peers.map(\.address)))
    }
}
