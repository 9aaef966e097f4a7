// SPDX-License-Identifier: Apache-2.0

/// All pieces in one array, sorted by bucket; within a bucket in no order. A bucket is a priority and a number of holders;
/// the last one, `parked`, has the pieces that may not be picked. Moving a piece costs one swap for each bucket between
/// that is not empty: one for a HAVE. Eight bytes and a bit for each piece.
struct RarityOrder: ~Copyable {
    /// Levels of rarity told apart; all above count as one.
    static let levels = 128
    /// Of pieces that may not be picked.
    static let parked = 7 * levels
    private static let bucketCount = parked + 1
    private static let maskCount = (bucketCount + 63) / 64

    let pieceCount: Int
    private let order: UnsafeMutablePointer<UInt32>
    private let position: UnsafeMutablePointer<UInt32>
    /// First place in `order`, of buckets that are not empty.
    private let start: UnsafeMutablePointer<UInt32>
    private let size: UnsafeMutablePointer<UInt32>
    /// Which buckets are not empty.
    private let mask: UnsafeMutablePointer<UInt64>

    init(pieceCount: Int) {
        self.pieceCount = pieceCount
        self.order = .allocate(capacity: max(pieceCount, 1))
        self.position = .allocate(capacity: max(pieceCount, 1))
        self.start = .allocate(capacity: Self.bucketCount)
        self.size = .allocate(capacity: Self.bucketCount)
        self.mask = .allocate(capacity: Self.maskCount)
        self.order.initialize(repeating: 0, count: max(pieceCount, 1))
        self.position.initialize(repeating: 0, count: max(pieceCount, 1))
        self.start.initialize(repeating: 0, count: Self.bucketCount)
        self.size.initialize(repeating: 0, count: Self.bucketCount)
        self.mask.initialize(repeating: 0, count: Self.maskCount)
    }

    deinit {
        self.order.deallocate()
        self.position.deallocate()
        self.start.deallocate()
        self.size.deallocate()
        self.mask.deallocate()
    }

    /// Pieces in a bucket.
    func count(of bucket: Int) -> Int { Int(self.size[bucket]) }

    /// The piece at `index` of a bucket, below its count.
    func piece(_ index: Int, of bucket: Int) -> UInt32 { self.order[Int(self.start[bucket]) + index] }

    /// The first bucket at or after `bucket` that is not empty; nil when only `parked` is left.
    func firstBucket(from bucket: Int) -> Int? {
        guard let found = self.next(from: bucket), found < Self.parked else { return nil }
        return found
    }

    /// Sorts anew, by counting; `bucketOf` tells each piece's bucket.
    func rebuild(_ bucketOf: (UInt32) -> Int) {
        self.size.update(repeating: 0, count: Self.bucketCount)
        self.mask.update(repeating: 0, count: Self.maskCount)
        for piece in 0..<UInt32(self.pieceCount) { self.size[bucketOf(piece)] += 1 }
        var place: UInt32 = 0
        for bucket in 0..<Self.bucketCount where self.size[bucket] > 0 {
            self.setFilled(bucket, true)
            self.start[bucket] = place
            place += self.size[bucket]
            self.size[bucket] = 0
        }
        for piece in 0..<UInt32(self.pieceCount) {
            let bucket = bucketOf(piece)
            self.put(piece, at: self.start[bucket] + self.size[bucket])
            self.size[bucket] += 1
        }
    }

    /// Moves a piece that lies in bucket `from` to bucket `to`.
    func move(_ piece: UInt32, from: Int, to: Int) {
        guard from != to else { return }
        let hole = to > from ? self.moveBack(piece, from, to) : self.moveForward(piece, from, to)
        if self.size[to] == 0 {
            self.setFilled(to, true)
            self.start[to] = hole
        } else if to > from {
            self.start[to] -= 1
        }
        self.size[to] += 1
        self.put(piece, at: hole)
    }

    /// Takes `piece` out of `from` and carries the hole to just before bucket `to`, further back.
    private func moveBack(_ piece: UInt32, _ from: Int, _ to: Int) -> UInt32 {
        var hole = self.start[from] + self.size[from] - 1
        self.put(self.order[Int(hole)], at: self.position[Int(piece)])
        self.shrink(from)
        var bucket = from
        while let next = self.next(from: bucket + 1), next < to {
            let last = self.start[next] + self.size[next] - 1
            self.put(self.order[Int(last)], at: hole)
            self.start[next] -= 1
            hole = last
            bucket = next
        }
        return hole
    }

    /// Takes `piece` out of `from` and carries the hole to just after bucket `to`, further to the front.
    private func moveForward(_ piece: UInt32, _ from: Int, _ to: Int) -> UInt32 {
        var hole = self.start[from]
        self.put(self.order[Int(hole)], at: self.position[Int(piece)])
        self.start[from] += 1
        self.shrink(from)
        var bucket = from
        while let previous = self.previous(before: bucket), previous > to {
            let first = self.start[previous]
            self.put(self.order[Int(first)], at: hole)
            self.start[previous] += 1
            hole = first
            bucket = previous
        }
        return hole
    }

    private func put(_ piece: UInt32, at place: UInt32) {
        self.order[Int(place)] = piece
        self.position[Int(piece)] = place
    }

    private func shrink(_ bucket: Int) {
        self.size[bucket] -= 1
        if self.size[bucket] == 0 { self.setFilled(bucket, false) }
    }

    private func setFilled(_ bucket: Int, _ filled: Bool) {
        let bit: UInt64 = 1 << UInt64(bucket & 63)
        if filled { self.mask[bucket >> 6] |= bit } else { self.mask[bucket >> 6] &= ~bit }
    }

    private func next(from bucket: Int) -> Int? {
        guard bucket < Self.bucketCount else { return nil }
        var index = bucket >> 6
        var word = self.mask[index] & (UInt64.max << UInt64(bucket & 63))
        while word == 0 {
            index += 1
            guard index < Self.maskCount else { return nil }
            word = self.mask[index]
        }
        return index << 6 + word.trailingZeroBitCount
    }

    private func previous(before bucket: Int) -> Int? {
        var index = bucket >> 6
        var word = self.mask[index] & ((1 << UInt64(bucket & 63)) - 1)
        while word == 0 {
            index -= 1
            guard index >= 0 else { return nil }
            word = self.mask[index]
        }
        return index << 6 + 63 - word.leadingZeroBitCount
    }
}
