// SPDX-License-Identifier: Apache-2.0

/// A row of bits for each slot, `width` words long, in blocks, so that growing moves nothing. They double up to a size,
/// because most torrents have few peers, and then stay at it, because in large ones half of all would lie idle. Its memory
/// is its owner's to free.
struct PieceRows: BitwiseCopyable {
    private static let firstBlock = 4
    private static let largestBlock = 64

    let width: Int
    private var blocks = RecordArray<UnsafeMutablePointer<UInt64>>()
    /// Slots that have a row.
    private(set) var capacity = 0

    init(width: Int) {
        self.width = width
    }

    var byteCount: Int { self.capacity * self.width * 8 }

    /// The row of a slot below `capacity`.
    @inline(__always)
    func row(_ slot: Int) -> UnsafeMutablePointer<UInt64> {
        precondition(slot >= 0 && slot < self.capacity, "no such row")
        let (block, place) = Self.place(of: slot)
        return self.blocks[block] + place * self.width
    }

    /// Blocks begin at the slots 0, 4, 8, 16, 32, 64, 128, 192 …
    @inline(__always)
    private static func place(of slot: Int) -> (block: Int, place: Int) {
        guard slot < Self.largestBlock else { return (slot / Self.largestBlock + 4, slot % Self.largestBlock) }
        guard slot >= Self.firstBlock else { return (0, slot) }
        let order = Int.bitWidth - 1 - slot.leadingZeroBitCount
        return (order - 1, slot - (1 << order))
    }

    /// Rows of the next block: as many as there are.
    private var nextBlock: Int {
        self.capacity == 0 ? Self.firstBlock : min(self.capacity, Self.largestBlock)
    }

    /// Bytes that the next block takes.
    var nextBlockBytes: Int { self.nextBlock * self.width * 8 }

    /// Adds a block of empty rows.
    mutating func grow() {
        let rows = self.nextBlock
        let block = UnsafeMutablePointer<UInt64>.allocate(capacity: max(rows * self.width, 1))
        block.initialize(repeating: 0, count: rows * self.width)
        self.blocks.append(block)
        self.capacity += rows
    }

    mutating func free() {
        for index in 0..<self.blocks.count { self.blocks[index].deallocate() }
        self.blocks.free()
        self.capacity = 0
    }
}
