// SPDX-License-Identifier: Apache-2.0

/// Finds slots of a table by a hash of what stands there: open addressing, linear probing, four bytes a cell, between 55
/// and 80 % of them in use. What of a cell the number of a slot does not need has part of its hash, so that what stands
/// there is looked at only where it is all but sure to match. Where it must know a hash as a whole it asks for that of a
/// slot. Its memory is its owner's to free.
struct SlotIndex: BitwiseCopyable {
    private static let leastCapacity = 32

    private var cells: UnsafeMutablePointer<UInt32>?
    /// 0 without cells.
    private var capacity: UInt32 = 0
    /// Which bits of a cell are the number of a slot, plus one.
    private var slotMask: UInt32 = 0

    init() {}

    var isEmpty: Bool { self.cells == nil }

    /// Makes the index anew for slots 0 ..< `count`, and for all below `room`. The old one goes first: there are never two.
    mutating func rebuild(count: Int, room: Int = 0, hash: (Int) -> UInt32) {
        let slots = max(count, room)
        let capacity = UInt32(clamping: max(Self.leastCapacity, slots + slots / 5 * 4))
        self.free()
        let cells = UnsafeMutablePointer<UInt32>.allocate(capacity: Int(capacity))
        cells.initialize(repeating: 0, count: Int(capacity))
        self.cells = cells
        self.capacity = capacity
        self.slotMask = UInt32.max >> UInt32(capacity.leadingZeroBitCount)
        for slot in 0..<count { self.insert(slot, hash: hash(slot)) }
    }

    mutating func free() {
        self.cells?.deallocate()
        self = Self()
    }

    /// Slots that it should hold at most.
    var most: Int { Int(self.capacity) * 4 / 5 }

    /// Whether `count` slots are more than the index should hold.
    func isFull(count: Int) -> Bool { count > self.most }

    /// Whether `count` slots leave the index nearly empty.
    func isSparse(count: Int) -> Bool { self.capacity > 128 && count * 8 < Int(self.capacity) }

    mutating func insert(_ slot: Int, hash: UInt32) {
        guard let cells = self.cells else { return }
        var cell = self.home(hash)
        while cells[cell] != 0 { cell = self.after(cell) }
        cells[cell] = self.content(slot, hash)
    }

    /// The first slot with this hash that `matches`.
    @inline(__always)
    func find(hash: UInt32, matches: (Int) -> Bool) -> Int? {
        guard let cells = self.cells else { return nil }
        let (mark, mask) = (self.mark(hash), self.slotMask)
        var cell = self.home(hash)
        while cells[cell] != 0 {
            let content = cells[cell]
            if content & ~mask == mark {
                let slot = Int(content & mask) - 1
                if matches(slot) { return slot }
            }
            cell = self.after(cell)
        }
        return nil
    }

    /// What stood at `old` now stands at `new`.
    mutating func move(from old: Int, to new: Int, hash: UInt32) {
        guard let cells = self.cells, let cell = self.cell(of: old, hash: hash) else { return }
        cells[cell] = self.content(new, hash)
    }

    /// Forgets a slot and closes the gap.
    mutating func remove(_ slot: Int, hash: UInt32, hashOf: (Int) -> UInt32) {
        guard let cells = self.cells, var gap = self.cell(of: slot, hash: hash) else { return }
        var cell = self.after(gap)
        while cells[cell] != 0 {
            let home = self.home(hashOf(Int(cells[cell] & self.slotMask) - 1))
            if self.distance(from: home, to: cell) >= self.distance(from: gap, to: cell) {
                cells[gap] = cells[cell]
                gap = cell
            }
            cell = self.after(cell)
        }
        cells[gap] = 0
    }

    private func cell(of slot: Int, hash: UInt32) -> Int? {
        guard let cells = self.cells else { return nil }
        let content = self.content(slot, hash)
        var cell = self.home(hash)
        while cells[cell] != 0 {
            if cells[cell] == content { return cell }
            cell = self.after(cell)
        }
        return nil
    }

    /// What a cell has: low bits of the hash before the slot, for high ones say where it stands.
    private func content(_ slot: Int, _ hash: UInt32) -> UInt32 {
        precondition(slot >= 0 && slot < self.capacity, "a slot beyond what the index was made for")
        return self.mark(hash) | UInt32(truncatingIfNeeded: slot) + 1
    }

    private func mark(_ hash: UInt32) -> UInt32 { hash << UInt32(self.slotMask.nonzeroBitCount) }

    /// The hash as a share of the capacity, which need not be a power of two (Lemire 2019).
    private func home(_ hash: UInt32) -> Int { Int((UInt64(hash) * UInt64(self.capacity)) >> 32) }
    private func after(_ cell: Int) -> Int { cell + 1 < self.capacity ? cell + 1 : 0 }

    private func distance(from first: Int, to second: Int) -> Int {
        second >= first ? second - first : second - first + Int(self.capacity)
    }
}
