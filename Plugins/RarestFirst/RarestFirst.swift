// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import SwarmPluginKit

/// Rarest first (Cohen 2003): of the pieces a peer has, one that fewest others have. Higher priorities go before, the
/// first few pieces are picked at random. Eleven bytes and a bit for each piece.
final class RarestFirst: Picker {
    /// Pieces of the order that one pick looks at, before it looks at the peer's own pieces instead.
    private static let orderBudget = 128
    /// Pieces of the peer that one pick compares, from a random place on.
    private static let sampleBudget = 256
    private static let normal = UInt8(SWARM_PRIORITY_NORMAL)
    private static let stateShift: UInt8 = 4

    private let pieceCount: Int
    private let wordCount: Int
    private let randomFirst: Int
    private var random: RandomSource
    private let order: RarityOrder
    /// Peers that have a piece, beyond those in `everywhere`.
    private let holders: UnsafeMutablePointer<UInt16>
    /// Priority in the low four bits, state in the high four.
    private let standing: UnsafeMutablePointer<UInt8>
    /// The wanted pieces, as words.
    private let wanted: UnsafeMutablePointer<UInt64>
    /// Peers that have every piece.
    private var everywhere = 0
    /// Pieces had or in flight.
    private var startedCount = 0

    init(_ setup: PluginSetup) {
        self.pieceCount = setup.pieceCount
        self.wordCount = (setup.pieceCount + 63) / 64
        self.randomFirst = Int(setup.integer(0))
        self.random = setup.random
        self.order = RarityOrder(pieceCount: setup.pieceCount)
        self.holders = .allocate(capacity: max(setup.pieceCount, 1))
        self.standing = .allocate(capacity: max(setup.pieceCount, 1))
        self.wanted = .allocate(capacity: max(self.wordCount, 1))
        self.holders.initialize(repeating: 0, count: max(setup.pieceCount, 1))
        self.standing.initialize(repeating: Self.normal, count: max(setup.pieceCount, 1))
        self.wanted.initialize(repeating: UInt64.max, count: max(self.wordCount, 1))
        super.init()
        let spare = setup.pieceCount & 63
        if spare != 0 { self.wanted[self.wordCount - 1] = (1 << UInt64(spare)) - 1 }
        self.rebuild()
    }

    deinit {
        self.holders.deallocate()
        self.standing.deallocate()
        self.wanted.deallocate()
    }

    override func pieceGained(_ piece: UInt32) {
        guard self.holders[Int(piece)] < UInt16.max else { return }
        let before = self.bucket(piece)
        self.holders[Int(piece)] += 1
        self.order.move(piece, from: before, to: self.bucket(piece))
    }

    override func pieceLost(_ piece: UInt32) {
        if self.holders[Int(piece)] == 0 { self.spread() }
        guard self.holders[Int(piece)] > 0 else { return }
        let before = self.bucket(piece)
        self.holders[Int(piece)] -= 1
        self.order.move(piece, from: before, to: self.bucket(piece))
    }

    override func piecesGained(_ pieces: PieceWords, setCount: Int) {
        if setCount == self.pieceCount {
            self.everywhere += 1
        } else if setCount * 4 > self.pieceCount {
            self.forEach(pieces) { if self.holders[Int($0)] < UInt16.max { self.holders[Int($0)] += 1 } }
            self.rebuild()
        } else {
            self.forEach(pieces) { self.pieceGained($0) }
        }
    }

    override func piecesLost(_ pieces: PieceWords, setCount: Int) {
        if setCount == self.pieceCount, self.everywhere > 0 {
            self.everywhere -= 1
        } else {
            self.forEach(pieces) { self.pieceLost($0) }
        }
    }

    override func setPriority(_ piece: UInt32, _ priority: UInt32) {
        guard priority >= 1, priority <= 7 else { return }
        let before = self.bucket(piece)
        self.standing[Int(piece)] = self.standing[Int(piece)] & 0xf0 | UInt8(priority)
        self.order.move(piece, from: before, to: self.bucket(piece))
    }

    override func setState(_ piece: UInt32, _ state: UInt32) {
        let old = UInt32(self.standing[Int(piece)] >> Self.stateShift)
        guard state != old, state <= SWARM_PIECE_UNWANTED else { return }
        let before = self.bucket(piece)
        self.standing[Int(piece)] = self.standing[Int(piece)] & 0x0f | UInt8(state) << Self.stateShift
        if Self.isStarted(old) { self.startedCount -= 1 }
        if Self.isStarted(state) { self.startedCount += 1 }
        let bit: UInt64 = 1 << UInt64(piece & 63)
        if state == SWARM_PIECE_WANTED {
            self.wanted[Int(piece >> 6)] |= bit
        } else {
            self.wanted[Int(piece >> 6)] &= ~bit
        }
        self.order.move(piece, from: before, to: self.bucket(piece))
    }

    override func pick(for peer: PeerView, into pieces: UnsafeMutableBufferPointer<UInt32>) -> Int {
        guard self.pieceCount > 0, !pieces.isEmpty else { return 0 }
        let has = peer.pieces
        guard self.startedCount >= self.randomFirst else { return self.sample(has, byRarity: false, into: pieces) }
        let found = self.walk(has, into: pieces)
        return found > 0 ? found : self.sample(has, byRarity: true, into: pieces)
    }

    /// From the rarest on, what the peer has; gives up after a bounded number of pieces.
    private func walk(_ has: PieceWords, into pieces: UnsafeMutableBufferPointer<UInt32>) -> Int {
        var found = 0
        var left = Self.orderBudget
        var from = 0
        while let bucket = self.order.firstBucket(from: from), left > 0 {
            from = bucket + 1
            // Nobody connected has these.
            if self.everywhere == 0, bucket % RarityOrder.levels == 0 { continue }
            let count = self.order.count(of: bucket)
            var index = self.random.next(below: count)
            for _ in 0..<min(count, left) {
                let piece = self.order.piece(index, of: bucket)
                index = index + 1 == count ? 0 : index + 1
                left -= 1
                guard has.contains(piece) else { continue }
                pieces[found] = piece
                found += 1
                if found == pieces.count { return found }
            }
        }
        return found
    }

    /// Of a sample of what the peer has and we want, from a random word on: the best, ties at random.
    private func sample(
        _ has: PieceWords, byRarity: Bool, into pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        let words = min(has.count, self.wordCount)
        var index = self.random.next(below: words)
        var best = Int.max
        var ties = 0
        var seen = 0
        for _ in 0..<words {
            var word = has[index] & self.wanted[index]
            while word != 0 {
                let piece = UInt32(index << 6 + word.trailingZeroBitCount)
                word &= word &- 1
                seen += 1
                let bucket = self.bucket(piece)
                let rank = byRarity ? bucket : bucket / RarityOrder.levels
                guard rank <= best else { continue }
                ties = rank < best ? 1 : ties + 1
                best = rank
                if self.random.next(below: ties) == 0 { pieces[0] = piece }
            }
            if seen >= Self.sampleBudget { break }
            index = index + 1 == words ? 0 : index + 1
        }
        return seen > 0 ? 1 : 0
    }

    private func bucket(_ piece: UInt32) -> Int {
        let standing = self.standing[Int(piece)]
        guard standing >> Self.stateShift == SWARM_PIECE_WANTED else { return RarityOrder.parked }
        let level = min(Int(self.holders[Int(piece)]), RarityOrder.levels - 1)
        return (7 - Int(standing & 0x0f)) * RarityOrder.levels + level
    }

    private static func isStarted(_ state: UInt32) -> Bool {
        state == SWARM_PIECE_IN_FLIGHT || state == SWARM_PIECE_HAVE
    }

    private func rebuild() {
        self.order.rebuild { self.bucket($0) }
    }

    /// Counts one of the peers that have everything piece by piece, because it is about to lose some.
    private func spread() {
        guard self.everywhere > 0 else { return }
        self.everywhere -= 1
        for piece in 0..<self.pieceCount where self.holders[piece] < UInt16.max { self.holders[piece] += 1 }
        self.rebuild()
    }

    private func forEach(_ pieces: PieceWords, _ body: (UInt32) -> Void) {
        for index in 0..<min(pieces.count, self.wordCount) {
            var word = pieces[index]
            while word != 0 {
                body(UInt32(index << 6 + word.trailingZeroBitCount))
                word &= word &- 1
            }
        }
    }
}
