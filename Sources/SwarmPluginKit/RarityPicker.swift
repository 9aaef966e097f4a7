// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// Base of pickers that need to know which piece is rarest: counts holders, and keeps all pieces sorted by priority, then by
/// how common they are. Every HAVE and every change of state costs the same few steps, and so does a pick. Thirteen bytes
/// and a bit for each piece while there is something to pick.
open class RarityPicker: PieceTablePicker {
    /// Pieces of the order that one pick looks at, before it looks at the peer's own pieces instead.
    private static let orderBudget = 64
    /// Pieces of the order that are asked for before they are looked at.
    private static let lookahead = 4
    /// Pieces of the peer, and words that have some, that one pick compares.
    private static let sampleBudget = 24
    private static let wordBudget = 12
    /// Changes of priority between two picks that move pieces; more of them sort anew.
    private static let moveBudget = 16
    /// Buckets of one priority: the pieces of each level that nobody has but those who have everything, and the others.
    private static let bucketsPerPriority = 2 * HolderCounts.levels

    /// Random numbers of the instance.
    public final var random: RandomSource
    /// Who has what.
    public final var holders: HolderCounts
    private final var order: PieceOrder
    private final var isSorted = false
    private final var moves = 0

    /// A picker for the torrent of `setup`.
    public override init(_ setup: PluginSetup) {
        self.random = setup.random
        self.holders = HolderCounts(pieceCount: setup.pieceCount)
        self.order = PieceOrder(pieceCount: setup.pieceCount, bucketCount: 7 * Self.bucketsPerPriority)
        super.init(setup)
    }

    open override func pieceGained(_ piece: UInt32) {
        let before = self.bucket(piece)
        self.holders.gain(piece)
        self.move(piece, from: before)
    }

    open override func pieceLost(_ piece: UInt32) {
        let before = self.bucket(piece)
        if self.holders.lose(piece) { self.move(piece, from: before) } else { self.isSorted = false }
    }

    open override func piecesGained(_ pieces: PieceWords, setCount: Int) {
        guard setCount < self.table.pieceCount else { return self.holders.gainEverywhere() }
        if setCount * 8 > self.table.pieceCount { self.isSorted = false }
        pieces.forEach { self.pieceGained($0) }
    }

    open override func piecesLost(_ pieces: PieceWords, setCount: Int) {
        if setCount == self.table.pieceCount, self.holders.loseEverywhere() { return }
        if setCount * 8 > self.table.pieceCount { self.isSorted = false }
        pieces.forEach { self.pieceLost($0) }
    }

    open override func trackerCounts(first: UInt32, _ counts: UnsafeBufferPointer<UInt32>) {
        self.holders.tell(first: first, counts)
        self.isSorted = false
    }

    open override func setPriority(_ piece: UInt32, _ priority: UInt32) {
        let before = self.bucket(piece)
        guard self.table.setPriority(piece, priority) else { return }
        self.moves += 1
        if self.moves > Self.moveBudget { self.isSorted = false }
        self.move(piece, from: before)
    }

    open override func setState(_ piece: UInt32, _ state: UInt32) {
        guard self.table.setState(piece, state), self.isSorted else { return }
        self.order.setActive(piece, in: self.bucket(piece), state == SWARM_PIECE_WANTED)
    }

    /// Writes up to `pieces.count` of the rarest wanted pieces that a peer has, ties at random, higher priorities first;
    /// none of `excluded`. Where very many rare pieces are not the peer's, one of the rarer that it has. Returns how many.
    public final func rarest(
        for peer: PeerView, excluding excluded: Range<Int>, into pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        self.moves = 0
        guard self.table.highestMissing != nil, !pieces.isEmpty else { return 0 }
        if !self.isSorted { self.sort() }
        let (found, isExhausted) = self.walk(peer, excluded, pieces)
        return found > 0 || isExhausted ? found : self.sample(peer, excluded, byRarity: true, pieces)
    }

    /// Asks for what is looked at when a piece that was picked by another rule goes in flight, and does not wait for it.
    public final func prefetch(_ piece: UInt32) {
        guard self.isSorted else { return }
        self.order.prefetchPlace(of: piece)
        self.prefetch(piece, of: self.order.active(of: self.bucket(piece)))
    }

    /// Writes a wanted piece that a peer has, at random of the highest priority, and none of `excluded`. Returns how many.
    public final func anyone(
        for peer: PeerView, excluding excluded: Range<Int>, into pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        pieces.isEmpty ? 0 : self.sample(peer, excluded, byRarity: false, pieces)
    }

    /// From the rarest on, what the peer has; gives up after a bounded number of pieces.
    private final func walk(
        _ peer: PeerView, _ excluded: Range<Int>, _ pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> (found: Int, isExhausted: Bool) {
        let has = peer.pieces
        let isSeed = peer.haveCount == self.table.pieceCount
        var found = 0
        var left = Self.orderBudget
        var from = 0
        var isExact = true
        while let bucket = self.order.nextActive(from: from) {
            from = bucket + 1
            // Even buckets: nobody has these but those who have everything. Unless one of them lost some, which cannot be
            // told from another's loss: so it is looked again before a peer is sent away with nothing.
            if bucket & 1 == 0, !isSeed {
                isExact = isExact && self.holders.everywhere == 0
                continue
            }
            guard left > 0 else { return (found, false) }
            let active = self.order.active(of: bucket)
            // The last one is the cheapest to take out of the order. With a peer that may lack it, those that it lacks must
            // not be all that is ever looked at.
            var index = isSeed ? active.count - 1 : self.random.next(below: active.count)
            var ahead = index
            for _ in 0..<(isSeed ? 1 : Self.lookahead) { ahead = Self.ask(for: active, at: ahead, of: has) }
            for _ in 0..<min(active.count, left) {
                let piece = active[index]
                index = index + 1 == active.count ? 0 : index + 1
                guard has.contains(piece), !excluded.contains(Int(piece)) else {
                    ahead = Self.ask(for: active, at: ahead, of: has)
                    continue
                }
                pieces[found] = piece
                found += 1
                self.prefetch(piece, of: active)
                if found < pieces.count { continue }
                if !isSeed { self.prefetchStart(in: active) }
                return (found, false)
            }
            if active.count > left { return (found, false) }
            left -= active.count
        }
        return (found, isExact)
    }

    /// Asks for the pieces that the next walk through a bucket begins with, a pick ahead. They are looked at one after the
    /// other, and only they tell where the peer's words are to be looked at: a wait for each of the two would follow the other.
    private final func prefetchStart(in active: UnsafeBufferPointer<UInt32>) {
        guard let base = active.baseAddress else { return }
        var upcoming = self.random
        let first = base + upcoming.next(below: active.count)
        swarm_prefetch(first)
        swarm_prefetch(first + (Self.lookahead - 1))
    }

    /// Asks for what a peer has of the piece at `index`, so that the waits for several run side by side. Returns the next
    /// index, the first one after the last.
    private static func ask(for active: UnsafeBufferPointer<UInt32>, at index: Int, of has: PieceWords) -> Int {
        has.prefetch(active[index])
        return index + 1 == active.count ? 0 : index + 1
    }

    /// Asks for what the order and the tables have on a picked piece, which goes in flight next and leaves its place to the
    /// last one: of a large torrent that lies in four places that are in no cache.
    private final func prefetch(_ piece: UInt32, of active: UnsafeBufferPointer<UInt32>) {
        self.order.prefetch(piece)
        self.order.prefetch(active[active.count - 1])
        self.table.prefetch(piece)
        self.holders.prefetch(piece)
    }

    /// Of a few that the peer has and we want, from a random word on: the rarest, ties at random.
    private final func sample(
        _ peer: PeerView, _ excluded: Range<Int>, byRarity: Bool, _ pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        let has = peer.pieces
        for priority in (1...7).reversed() where self.table.wantedCount(of: priority) > 0 {
            let start = self.random.next(below: has.count)
            var draw = Draw(words: Self.wordBudget)
            self.sample(has, priority, start..<has.count, excluded, byRarity, &draw)
            if draw.seen < Self.sampleBudget { self.sample(has, priority, 0..<start, excluded, byRarity, &draw) }
            guard draw.seen > 0 else { continue }
            pieces[0] = draw.piece
            return 1
        }
        return 0
    }

    /// What was found among the pieces seen so far.
    private struct Draw: BitwiseCopyable {
        /// Words that may still be looked at, so long as some piece was seen.
        var words: Int
        var seen = 0
        var piece: UInt32 = 0
        var level = Int.max
        /// Pieces seen that are as rare.
        var ties = 0
    }

    private final func sample(
        _ has: PieceWords, _ priority: Int, _ words: Range<Int>, _ excluded: Range<Int>, _ byRarity: Bool,
        _ draw: inout Draw
    ) {
        var from = words.lowerBound
        while draw.seen < Self.sampleBudget, draw.words > 0 || draw.seen == 0,
            let word = self.table.wantedWord(of: priority, had: has, from: from), word.index < words.upperBound
        {
            var bits = word.pieces
            while bits != 0 {
                let piece = UInt32(word.index << 6 + bits.trailingZeroBitCount)
                bits &= bits &- 1
                guard !excluded.contains(Int(piece)) else { continue }
                draw.seen += 1
                let level = byRarity ? self.holders.level(of: piece) : 0
                guard level <= draw.level else { continue }
                draw.ties = level < draw.level ? 1 : draw.ties + 1
                draw.level = level
                if self.random.next(below: draw.ties) == 0 { draw.piece = piece }
            }
            from = word.index + 1
            draw.words -= 1
        }
    }

    private final func bucket(_ piece: UInt32) -> Int {
        (7 - self.table.priority(of: piece)) * Self.bucketsPerPriority + 2 * self.holders.level(of: piece)
            + (self.holders.isPartlyHeld(piece) ? 1 : 0)
    }

    private final func move(_ piece: UInt32, from bucket: Int) {
        guard self.isSorted else { return }
        self.order.move(piece, from: bucket, to: self.bucket(piece), isActive: self.table.isWanted(piece))
    }

    private final func sort() {
        let shuffle = Shuffle(count: self.table.pieceCount, &self.random)
        self.order.build(shuffle) { (self.bucket($0), self.table.isWanted($0)) }
        self.isSorted = true
    }
}
