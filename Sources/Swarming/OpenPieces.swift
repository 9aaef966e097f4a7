// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The pieces under way, in a dense table, their blocks in one flat buffer of eight bytes a block. Entries and cells
/// are used again, so that nothing is allocated once the table has grown to its working size.
struct OpenPieces {
    /// Cells set aside for each entry.
    let stride: Int
    private(set) var table: [OpenPiece] = []
    private(set) var cells: [BlockCell] = []
    /// Entry of each piece, -1 for pieces that are not under way; empty before the first is.
    private var entryOf: [Int32] = []
    private let pieceCount: Int
    private(set) var count = 0
    /// Entries whose piece is being hashed or written.
    private(set) var hashingCount = 0
    /// Entries with free blocks and no worker.
    private(set) var looseCount = 0
    /// Free blocks in all entries.
    private(set) var freeBlocks = 0
    /// Which entries have free blocks: entry `i` in bit `i % 64` of word `i / 64`.
    private var giving: [UInt64] = []
    private var unused: [Int32] = []

    init(geometry: TorrentGeometry) {
        self.stride = geometry.pieceCount == 0 ? 1 : geometry.blockCount(of: PieceIndex(0))
        self.pieceCount = geometry.pieceCount
    }

    subscript(entry: Int) -> OpenPiece { self.table[entry] }

    func entry(of piece: PieceIndex) -> Int? {
        guard !self.entryOf.isEmpty else { return nil }
        let entry = self.entryOf[piece.offset]
        return entry < 0 ? nil : Int(entry)
    }

    func cell(_ block: Int, of entry: Int) -> BlockCell { self.cells[entry * self.stride + block] }

    /// The first entry at or after `entry` that has free blocks.
    func nextGiving(from entry: Int) -> Int? {
        var index = entry >> 6
        var mask = UInt64.max << UInt64(entry & 63)
        while index < self.giving.count {
            let word = self.giving[index] & mask
            if word != 0 { return index << 6 + word.trailingZeroBitCount }
            index += 1
            mask = UInt64.max
        }
        return nil
    }

    mutating func open(_ piece: PieceIndex, blockCount: Int, isSolo: Bool) -> Int {
        let opened = OpenPiece(piece: piece, blockCount: blockCount, isSolo: isSolo)
        let entry: Int
        if let reused = self.unused.popLast() {
            entry = Int(reused)
            self.table[entry] = opened
            let base = entry * self.stride
            for index in base..<base + blockCount { self.cells[index] = BlockCell() }
        } else {
            entry = self.table.count
            self.table.append(opened)
            self.cells.append(contentsOf: repeatElement(BlockCell(), count: self.stride))
            if entry & 63 == 0 { self.giving.append(0) }
        }
        self.setGiving(entry, blockCount > 0)
        if self.entryOf.isEmpty { self.entryOf = Array(repeating: -1, count: self.pieceCount) }
        self.entryOf[piece.offset] = Int32(entry)
        self.count += 1
        self.looseCount += 1
        self.freeBlocks += blockCount
        return entry
    }

    /// The entry must have no workers.
    mutating func close(_ entry: Int) {
        let piece = self.table[entry]
        if piece.isLoose { self.looseCount -= 1 }
        if piece.isHashing { self.hashingCount -= 1 }
        self.freeBlocks -= Int(piece.free)
        self.entryOf[piece.piece.offset] = -1
        self.table[entry].isOpen = false
        self.table[entry].free = 0
        self.setGiving(entry, false)
        self.count -= 1
        self.unused.append(Int32(entry))
    }

    mutating func attachWorker(to entry: Int) {
        if self.table[entry].isLoose { self.looseCount -= 1 }
        self.table[entry].workers += 1
    }

    mutating func detachWorker(from entry: Int) {
        self.table[entry].workers -= 1
        if self.table[entry].isLoose { self.looseCount += 1 }
    }

    /// Marks the first free block as asked of `slot` and returns its number. There must be one, and a worker.
    mutating func takeFree(from entry: Int, by slot: UInt16) -> Int {
        let base = entry * self.stride
        var block = Int(self.table[entry].cursor)
        while self.cells[base + block].status != .free { block += 1 }
        self.cells[base + block].status = .requested
        _ = self.cells[base + block].ask(slot)
        self.table[entry].cursor = Int32(block + 1)
        self.takeOne(from: entry)
        return block
    }

    /// Asks one more peer for a block that is under way; false when there is no room for it.
    mutating func duplicate(_ block: Int, of entry: Int, to slot: UInt16) -> Bool {
        self.cells[entry * self.stride + block].ask(slot)
    }

    /// Marks a block that was missing as received. Returns whether it was the last.
    mutating func receive(_ block: Int, of entry: Int, from slot: UInt16) -> Bool {
        let index = entry * self.stride + block
        if self.cells[index].status == .free {
            if self.table[entry].isLoose, self.table[entry].free == 1 { self.looseCount -= 1 }
            self.takeOne(from: entry)
        }
        self.cells[index].status = .received
        if !self.cells[index].isAsked(of: slot), !self.cells[index].ask(slot) { self.cells[index][2] = BlockCell.gone }
        self.table[entry].received += 1
        guard self.table[entry].received == self.table[entry].blockCount else { return false }
        self.table[entry].isHashing = true
        self.hashingCount += 1
        return true
    }

    /// Frees blocks of an entry that is complete, so that one peer fetches them again.
    mutating func reopen(_ entry: Int, _ blocks: [Int]) {
        for block in Set(blocks) {
            self.cells[entry * self.stride + block] = BlockCell()
            self.table[entry].received -= 1
            self.table[entry].free += 1
            self.freeBlocks += 1
            self.table[entry].cursor = min(self.table[entry].cursor, Int32(block))
        }
        self.table[entry].isHashing = false
        self.hashingCount -= 1
        self.table[entry].isSolo = true
        self.setGiving(entry, self.table[entry].free > 0)
        if self.table[entry].isLoose { self.looseCount += 1 }
    }

    /// Takes back what was asked of `slot`. Returns whether it had been asked and the block had not come.
    mutating func release(_ block: Int, of entry: Int, by slot: UInt16) -> Bool {
        let index = entry * self.stride + block
        guard self.cells[index].status == .requested, self.cells[index].unask(slot) else { return false }
        self.table[entry].isSolo = false
        guard self.cells[index].askedCount == 0 else { return true }
        self.cells[index].status = .free
        self.table[entry].free += 1
        self.freeBlocks += 1
        self.table[entry].cursor = min(self.table[entry].cursor, Int32(block))
        guard self.table[entry].free == 1 else { return true }
        self.setGiving(entry, true)
        if self.table[entry].isLoose { self.looseCount += 1 }
        return true
    }

    /// Keeps no memory of who `slot` was, in received blocks.
    mutating func forget(_ slot: UInt16) {
        for entry in self.table.indices where self.table[entry].isOpen {
            let base = entry * self.stride
            for index in base..<base + Int(self.table[entry].blockCount) { self.cells[index].forget(slot) }
        }
    }

    private mutating func takeOne(from entry: Int) {
        self.table[entry].free -= 1
        self.freeBlocks -= 1
        if self.table[entry].free == 0 { self.setGiving(entry, false) }
    }

    private mutating func setGiving(_ entry: Int, _ isGiving: Bool) {
        let bit: UInt64 = 1 << UInt64(entry & 63)
        if isGiving { self.giving[entry >> 6] |= bit } else { self.giving[entry >> 6] &= ~bit }
    }
}
