// SPDX-License-Identifier: Apache-2.0

/// A row of bits for each slot, `width` words long, in blocks, so that growing moves nothing. The first block is small,
/// because most torrents have few peers. Its memory is its owner's to free.
struct PieceRows: BitwiseCopyable {
    private static let firstBlock = 4
    private static let block = 64

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
        if slot < Self.firstBlock { return self.blocks[0] + slot * self.width }
        let (block, place) = (slot - Self.firstBlock).quotientAndRemainder(dividingBy: Self.block)
        return self.blocks[block + 1] + place * self.width
    }

    /// Bytes that the next block takes.
    var nextBlockBytes: Int { (self.capacity == 0 ? Self.firstBlock : Self.block) * self.width * 8 }

    /// Adds a block of empty rows.
    mutating func grow() {
        let rows = self.capacity == 0 ? Self.firstBlock : Self.block
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
