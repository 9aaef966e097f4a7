// SPDX-License-Identifier: Apache-2.0

/// Finds slots of a table by a hash of what stands there: open addressing, linear probing, four bytes a cell. It keeps
/// no hashes; where it must know one it asks `hash` for that of a slot. Its memory is its owner's to free.
struct SlotIndex: BitwiseCopyable {
    private var cells: UnsafeMutablePointer<UInt32>?
    /// A power of two; 0 without cells.
    private var capacity = 0

    init() {}

    var isEmpty: Bool { self.cells == nil }

    /// Makes the index anew for slots 0 ..< `count`, at most half full, also when there are `room` in it later.
    mutating func rebuild(count: Int, room: Int = 0, hash: (Int) -> UInt32) {
        var capacity = 32
        while capacity < max(count, room) * 2 { capacity *= 2 }
        self.free()
        let cells = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
        cells.initialize(repeating: 0, count: capacity)
        self.cells = cells
        self.capacity = capacity
        for slot in 0..<count { self.insert(slot, hash: hash(slot)) }
    }

    mutating func free() {
        self.cells?.deallocate()
        self.cells = nil
        self.capacity = 0
    }

    /// Whether `count` slots are more than the index should hold.
    func isFull(count: Int) -> Bool { count * 4 > self.capacity * 3 }

    /// Whether `count` slots leave the index nearly empty.
    func isSparse(count: Int) -> Bool { self.capacity > 128 && count * 8 < self.capacity }

    mutating func insert(_ slot: Int, hash: UInt32) {
        guard let cells = self.cells else { return }
        var cell = self.home(hash)
        while cells[cell] != 0 { cell = self.after(cell) }
        cells[cell] = UInt32(truncatingIfNeeded: slot) + 1
    }

    /// The first slot with this hash that `matches`.
    @inline(__always)
    func find(hash: UInt32, matches: (Int) -> Bool) -> Int? {
        guard let cells = self.cells else { return nil }
        var cell = self.home(hash)
        while cells[cell] != 0 {
            let slot = Int(cells[cell]) - 1
            if matches(slot) { return slot }
            cell = self.after(cell)
        }
        return nil
    }

    /// What stood at `old` now stands at `new`.
    mutating func move(from old: Int, to new: Int, hash: UInt32) {
        guard let cells = self.cells, let cell = self.cell(of: old, hash: hash) else { return }
        cells[cell] = UInt32(truncatingIfNeeded: new) + 1
    }

    /// Forgets a slot and closes the gap.
    mutating func remove(_ slot: Int, hash: UInt32, hashOf: (Int) -> UInt32) {
        guard let cells = self.cells, var gap = self.cell(of: slot, hash: hash) else { return }
        var cell = self.after(gap)
        while cells[cell] != 0 {
            let home = self.home(hashOf(Int(cells[cell]) - 1))
            let mask = self.capacity - 1
            if (cell &- home) & mask >= (cell &- gap) & mask {
                cells[gap] = cells[cell]
                gap = cell
            }
            cell = self.after(cell)
        }
        cells[gap] = 0
    }

    private func cell(of slot: Int, hash: UInt32) -> Int? {
        guard let cells = self.cells else { return nil }
        var cell = self.home(hash)
        while cells[cell] != 0 {
            if Int(cells[cell]) - 1 == slot { return cell }
            cell = self.after(cell)
        }
        return nil
    }

    private func home(_ hash: UInt32) -> Int { Int(hash) & (self.capacity - 1) }
    private func after(_ cell: Int) -> Int { (cell + 1) & (self.capacity - 1) }
}
