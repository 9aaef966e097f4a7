// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

extension PieceMap {
    /// Reporters looked at for holders of a piece that many have, for each that is wanted.
    private static let looksPerHolder = 32

    /// Calls `body` with up to `count` holders of a piece, which must exist, of one family and other than `slot`.
    func holders(
        of piece: Int, _ count: Int, isV6: Bool, without slot: Int?, random: inout SplitMix64,
        _ body: (PeerEndpoint) -> Void
    ) {
        var rest = count
        func visit(_ other: Int) {
            let endpoint = self.reporters[other].endpoint
            guard rest > 0, other != slot, endpoint.address.isV6 == isV6 else { return }
            rest -= 1
            body(endpoint)
        }
        self.findHolders(of: piece)
        if self.rare.isKept(piece) {
            self.rare.forEach(piece, visit)
            return
        }
        let looks = min(self.reporterCount, count * Self.looksPerHolder)
        var place = Int(random.next(below: UInt64(max(self.reporterCount, 1))))
        for _ in 0..<looks where rest > 0 {
            let other = Int(self.present[place].slot)
            if self.has(other, piece) { visit(other) }
            place = place + 1 < self.reporterCount ? place + 1 : 0
        }
    }

    /// Pieces looked at for the rarest; in a larger torrent a stretch of so many, from anywhere on.
    private static let mostPieces = 65_536

    /// Up to `count` pieces that the fewest have and that `slot` has not, the rarest first, ties in an order of chance.
    func rarest(_ count: Int, without slot: Int?, random: inout SplitMix64) -> [PieceRarity] {
        let start = Int(random.next(below: UInt64(self.pieceCount)))
        var histogram = [Int](repeating: 0, count: 256)
        self.forEachMissing(of: slot, from: start) { piece in
            histogram[Int(min(self.counts[piece], 255))] += 1
            return true
        }
        var (limit, below) = (0, 0)
        while limit < 255, below + histogram[limit] < count {
            below += histogram[limit]
            limit += 1
        }
        var found: [PieceRarity] = []
        var atLimit = max(count - below, 0)
        self.forEachMissing(of: slot, from: start) { piece in
            let holders = Int(min(self.counts[piece], 255))
            if holders < limit || holders == limit && atLimit > 0 {
                if holders == limit { atLimit -= 1 }
                found.append(PieceRarity(piece: PieceIndex(piece), holders: self.counts[piece]))
            }
            return found.count < count
        }
        found.sort { $0.holders < $1.holders }
        return found
    }

    /// Visits the pieces that `slot` has not, all of them for nil, from one on and around, while `body` says so.
    private func forEachMissing(of slot: Int?, from start: Int, _ body: (Int) -> Bool) {
        let row = slot.map { self.rows.row($0) }
        var piece = start
        for _ in 0..<min(Int(self.pieceCount), Self.mostPieces) {
            let isMissing = row.map { $0[piece >> 6] >> UInt64(piece & 63) & 1 == 0 } ?? true
            if isMissing, !body(piece) { return }
            piece = piece + 1 < Int(self.pieceCount) ? piece + 1 : 0
        }
    }
}
