// SPDX-License-Identifier: Apache-2.0

/// Finds slots of a table by a hash of what stands there: open addressing, linear probing, four bytes a cell. It keeps
/// no hashes; where it must know one it asks `hash` for that of a slot.
struct SlotIndex: Sendable {
    private var cells: ContiguousArray<UInt32> = []

    var isEmpty: Bool { self.cells.isEmpty }

    /// Makes the index anew for slots 0 ..< `count`, at most half full.
    mutating func rebuild(count: Int, hash: (Int) -> UInt32) {
        var capacity = 32
        while capacity < count * 2 { capacity *= 2 }
        self.cells = ContiguousArray(repeating: 0, count: capacity)
        for slot in 0..<count { self.insert(slot, hash: hash(slot)) }
    }

    mutating func removeAll() {
        self.cells = []
    }

    /// Whether `count` slots are more than the index should hold.
    func isFull(count: Int) -> Bool { count * 4 > self.cells.count * 3 }

    /// Whether `count` slots leave the index nearly empty.
    func isSparse(count: Int) -> Bool { self.cells.count > 128 && count * 8 < self.cells.count }

    mutating func insert(_ slot: Int, hash: UInt32) {
        var cell = self.home(hash)
        while self.cells[cell] != 0 { cell = self.after(cell) }
        self.cells[cell] = UInt32(truncatingIfNeeded: slot) + 1
    }

    /// The first slot with this hash that `matches`.
    func find(hash: UInt32, matches: (Int) -> Bool) -> Int? {
        var cell = self.home(hash)
        while self.cells[cell] != 0 {
            let slot = Int(self.cells[cell]) - 1
            if matches(slot) { return slot }
            cell = self.after(cell)
        }
        return nil
    }

    /// What stood at `old` now stands at `new`.
    mutating func move(from old: Int, to new: Int, hash: UInt32) {
        guard let cell = self.cell(of: old, hash: hash) else { return }
        self.cells[cell] = UInt32(truncatingIfNeeded: new) + 1
    }

    /// Forgets a slot and closes the gap.
    mutating func remove(_ slot: Int, hash: UInt32, hashOf: (Int) -> UInt32) {
        guard var gap = self.cell(of: slot, hash: hash) else { return }
        var cell = self.after(gap)
        while self.cells[cell] != 0 {
            let home = self.home(hashOf(Int(self.cells[cell]) - 1))
            let mask = self.cells.count - 1
            if (cell &- home) & mask >= (cell &- gap) & mask {
                self.cells[gap] = self.cells[cell]
                gap = cell
            }
            cell = self.after(cell)
        }
        self.cells[gap] = 0
    }

    private func cell(of slot: Int, hash: UInt32) -> Int? {
        var cell = self.home(hash)
        while self.cells[cell] != 0 {
            if Int(self.cells[cell]) - 1 == slot { return cell }
            cell = self.after(cell)
        }
        return nil
    }

    private func home(_ hash: UInt32) -> Int { Int(hash) & (self.cells.count - 1) }
    private func after(_ cell: Int) -> Int { (cell + 1) & (self.cells.count - 1) }
}
