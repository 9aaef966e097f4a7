// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// All pieces in one array, sorted by bucket. Within a bucket those that may be picked lie first, else at random. A step
/// of a piece to a neighbouring bucket, or its beginning or ceasing to be pickable, costs a swap or two, however many
/// pieces there are. Eight bytes for each piece, from the first `build` on.
struct PieceOrder: ~Copyable {
    fileprivate struct Tables: BitwiseCopyable {
        let order: UnsafeMutablePointer<UInt32>
        /// Where in `order` each piece lies.
        let position: UnsafeMutablePointer<UInt32>
        /// Where in `order` each bucket begins, and behind the last one where that ends.
        let bounds: UnsafeMutablePointer<UInt32>
        /// How many of each bucket may be picked.
        let active: UnsafeMutablePointer<UInt32>
        /// Which buckets have some that may be picked.
        let mask: UnsafeMutablePointer<UInt64>
    }

    private let pieceCount: Int
    private let bucketCount: Int
    private let maskCount: Int
    private var tables: Tables?

    init(pieceCount: Int, bucketCount: Int) {
        self.pieceCount = pieceCount
        self.bucketCount = bucketCount
        self.maskCount = (bucketCount + 63) / 64
    }

    deinit {
        guard let tables = self.tables else { return }
        tables.order.deallocate()
        tables.position.deallocate()
        tables.bounds.deallocate()
        tables.active.deallocate()
        tables.mask.deallocate()
    }

    /// Whether it was built; all but `build` may be called only then.
    var isBuilt: Bool { self.tables != nil }

    /// The pieces of a bucket that may be picked, until something is moved.
    func active(of bucket: Int) -> UnsafeBufferPointer<UInt32> {
        let tables = self.known
        return UnsafeBufferPointer(
            start: tables.order + Int(tables.bounds[bucket]), count: Int(tables.active[bucket]))
    }

    /// Asks for what `setActive` and `move` will look at for a piece, and does not wait for it.
    func prefetch(_ piece: UInt32) { swarm_prefetch(self.known.position + Int(piece)) }

    /// Asks for the place of a piece in the order, which takes a look at where it lies.
    func prefetchPlace(of piece: UInt32) {
        let tables = self.known
        swarm_prefetch(tables.order + Int(tables.position[Int(piece)]))
    }

    /// The first bucket at or after `bucket` that has pieces which may be picked.
    func nextActive(from bucket: Int) -> Int? {
        guard bucket < self.bucketCount else { return nil }
        let mask = self.known.mask
        var index = bucket >> 6
        var word = mask[index] & (UInt64.max << UInt64(bucket & 63))
        while word == 0 {
            index += 1
            guard index < self.maskCount else { return nil }
            word = mask[index]
        }
        return index << 6 + word.trailingZeroBitCount
    }

    /// Sorts anew, by counting: `place` tells each piece's bucket, and whether it may be picked. Those of a bucket come to
    /// lie as `shuffle` has them.
    mutating func build(_ shuffle: Shuffle, _ place: (UInt32) -> (bucket: Int, isActive: Bool)) {
        let tables = self.makeTables()
        tables.bounds.update(repeating: 0, count: self.bucketCount + 1)
        tables.active.update(repeating: 0, count: self.bucketCount)
        tables.mask.update(repeating: 0, count: self.maskCount)
        for piece in 0..<UInt32(self.pieceCount) {
            let (bucket, isActive) = place(piece)
            tables.bounds[bucket] += 1
            if isActive { tables.active[bucket] += 1 }
            tables.position[Int(piece)] = UInt32(bucket) << 1 | (isActive ? 1 : 0)
        }
        self.layOut(tables, shuffle)
    }

    /// From counts in `bounds` and `active`, and the buckets in `position`, to the order.
    private func layOut(_ tables: Tables, _ shuffle: Shuffle) {
        let parked = UnsafeMutablePointer<UInt32>.allocate(capacity: self.bucketCount)
        defer { parked.deallocate() }
        var start: UInt32 = 0
        for bucket in 0..<self.bucketCount {
            let (count, active) = (tables.bounds[bucket], tables.active[bucket])
            if active > 0 { tables.mask[bucket >> 6] |= 1 << UInt64(bucket & 63) }
            (parked + bucket).initialize(to: start + active)
            tables.bounds[bucket] = start
            tables.active[bucket] = start
            start += count
        }
        tables.bounds[self.bucketCount] = start
        var next = shuffle
        for _ in 0..<self.pieceCount {
            let piece = next.next()
            let bucket = Int(tables.position[piece] >> 1)
            let cursor = tables.position[piece] & 1 == 1 ? tables.active + bucket : parked + bucket
            tables.order[Int(cursor.pointee)] = UInt32(piece)
            tables.position[piece] = cursor.pointee
            cursor.pointee += 1
        }
        for bucket in 0..<self.bucketCount { tables.active[bucket] -= tables.bounds[bucket] }
    }

    /// A piece of `bucket` began, or ceased, to be pickable.
    mutating func setActive(_ piece: UInt32, in bucket: Int, _ isActive: Bool) {
        let tables = self.known
        if isActive {
            tables.swap(tables.position[Int(piece)], tables.bounds[bucket] + tables.active[bucket])
            tables.addActive(bucket)
        } else {
            tables.removeActive(bucket)
            tables.swap(tables.position[Int(piece)], tables.bounds[bucket] + tables.active[bucket])
        }
    }

    /// Moves a piece from bucket `from` to bucket `to`, step by step.
    mutating func move(_ piece: UInt32, from: Int, to: Int, isActive: Bool) {
        let tables = self.known
        var bucket = from
        while bucket < to {
            tables.stepBack(piece, from: bucket, isActive)
            bucket += 1
        }
        while bucket > to {
            tables.stepForward(piece, from: bucket, isActive)
            bucket -= 1
        }
    }

    private var known: Tables { self.tables.unsafelyUnwrapped }

    private mutating func makeTables() -> Tables {
        if let tables = self.tables { return tables }
        let tables = Tables(
            order: Self.zeros(self.pieceCount), position: Self.zeros(self.pieceCount),
            bounds: Self.zeros(self.bucketCount + 1), active: Self.zeros(self.bucketCount),
            mask: Self.zeros(self.maskCount)
        )
        self.tables = tables
        return tables
    }

    private static func zeros<Number: FixedWidthInteger>(_ count: Int) -> UnsafeMutablePointer<Number> {
        let numbers = UnsafeMutablePointer<Number>.allocate(capacity: max(count, 1))
        numbers.initialize(repeating: 0, count: max(count, 1))
        return numbers
    }
}

extension PieceOrder.Tables {
    /// The end of a bucket goes over to the beginning of the next one.
    fileprivate func stepBack(_ piece: UInt32, from bucket: Int, _ isActive: Bool) {
        let last = self.bounds[bucket + 1] - 1
        if isActive {
            self.removeActive(bucket)
            self.swap(self.position[Int(piece)], self.bounds[bucket] + self.active[bucket])
        }
        self.swap(self.position[Int(piece)], last)
        self.bounds[bucket + 1] = last
        if isActive { self.addActive(bucket + 1) } else { self.swap(last, last + self.active[bucket + 1]) }
    }

    /// The beginning of a bucket goes over to the end of the one before.
    fileprivate func stepForward(_ piece: UInt32, from bucket: Int, _ isActive: Bool) {
        let first = self.bounds[bucket]
        if isActive {
            self.swap(self.position[Int(piece)], first)
            self.removeActive(bucket)
        } else {
            self.swap(self.position[Int(piece)], first + self.active[bucket])
            self.swap(first, first + self.active[bucket])
        }
        self.bounds[bucket] = first + 1
        guard isActive else { return }
        self.swap(first, self.bounds[bucket - 1] + self.active[bucket - 1])
        self.addActive(bucket - 1)
    }

    fileprivate func addActive(_ bucket: Int) {
        self.active[bucket] += 1
        self.mask[bucket >> 6] |= 1 << UInt64(bucket & 63)
    }

    fileprivate func removeActive(_ bucket: Int) {
        self.active[bucket] -= 1
        if self.active[bucket] == 0 { self.mask[bucket >> 6] &= ~(1 << UInt64(bucket & 63)) }
    }

    fileprivate func swap(_ one: UInt32, _ other: UInt32) {
        guard one != other else { return }
        let (first, second) = (self.order[Int(one)], self.order[Int(other)])
        self.order[Int(one)] = second
        self.order[Int(other)] = first
        self.position[Int(second)] = one
        self.position[Int(first)] = other
    }
}
