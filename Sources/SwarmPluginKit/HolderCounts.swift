// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// How many have each piece: connected peers, and what a tracker counted in the whole swarm. Two bytes a piece, two more
/// once a tracker has told; those that have everything are one number.
public struct HolderCounts: ~Copyable {
    /// Levels of rarity told apart: below 32 every count is one, above four to each doubling.
    static let levels = 76

    private let pieceCount: Int
    /// Connected peers that have a piece, beyond those in `everywhere`.
    private let connected: UnsafeMutablePointer<UInt16>
    /// What a tracker counted.
    private var told: UnsafeMutablePointer<UInt16>?
    /// The least of what it counted: it is everybody that has everything.
    private var floor: UInt16 = 0
    /// Connected peers that have every piece.
    public private(set) var everywhere = 0

    /// Nobody has anything.
    init(pieceCount: Int) {
        self.pieceCount = pieceCount
        self.connected = .allocate(capacity: max(pieceCount, 1))
        self.connected.initialize(repeating: 0, count: max(pieceCount, 1))
    }

    deinit {
        self.connected.deallocate()
        self.told?.deallocate()
    }

    /// Connected peers that have a piece.
    public func connectedCount(of piece: UInt32) -> Int { Int(self.connected[Int(piece)]) + self.everywhere }

    /// Whether a connected peer that lacks some pieces has this one.
    func isPartlyHeld(_ piece: UInt32) -> Bool { self.connected[Int(piece)] > 0 }

    /// Asks for what `level` will look at, and does not wait for it.
    func prefetch(_ piece: UInt32) { swarm_prefetch(self.connected + Int(piece)) }

    /// How common a piece is, beyond those that have everything: 0 ..< `levels`. Connected peers are part of the swarm that
    /// the tracker counts, but not all of them tell it: the greater number is nearer to the truth.
    func level(of piece: UInt32) -> Int {
        var count = self.connected[Int(piece)]
        if let told = self.told, told[Int(piece)] > self.floor { count = max(count, told[Int(piece)] - self.floor) }
        guard count >= 32 else { return Int(count) }
        let exponent = 15 - count.leadingZeroBitCount
        return 32 + (exponent - 5) * 4 + Int(count >> UInt16(exponent - 2) & 3)
    }

    /// One connected peer more.
    mutating func gain(_ piece: UInt32) {
        if self.connected[Int(piece)] < UInt16.max { self.connected[Int(piece)] += 1 }
    }

    /// One connected peer less. Returns false when it was one of those that have everything, which are now counted piece
    /// by piece: every level may have changed.
    mutating func lose(_ piece: UInt32) -> Bool {
        let isSpread = self.connected[Int(piece)] == 0 && self.everywhere > 0
        if isSpread {
            self.everywhere -= 1
            for index in 0..<self.pieceCount where self.connected[index] < UInt16.max { self.connected[index] += 1 }
        }
        if self.connected[Int(piece)] > 0 { self.connected[Int(piece)] -= 1 }
        return !isSpread
    }

    /// One connected peer more that has everything.
    mutating func gainEverywhere() { self.everywhere += 1 }

    /// One less; false when there is none that is counted so.
    mutating func loseEverywhere() -> Bool {
        guard self.everywhere > 0 else { return false }
        self.everywhere -= 1
        return true
    }

    /// What a tracker counted of the pieces from `first` on. Every level may have changed.
    mutating func tell(first: UInt32, _ counts: UnsafeBufferPointer<UInt32>) {
        let told = self.told ?? .allocate(capacity: max(self.pieceCount, 1))
        if self.told == nil { told.initialize(repeating: 0, count: max(self.pieceCount, 1)) }
        self.told = told
        let start = min(Int(first), self.pieceCount)
        for index in 0..<min(counts.count, self.pieceCount - start) {
            told[start + index] = UInt16(min(counts[index], UInt32(UInt16.max)))
        }
        self.floor = UInt16.max
        for index in 0..<self.pieceCount { self.floor = min(self.floor, told[index]) }
    }
}
