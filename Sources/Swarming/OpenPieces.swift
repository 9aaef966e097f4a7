// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The pieces under way, in a dense table, their blocks in one flat buffer of ten bytes a block. Entries and cells
/// are used again, so that nothing is allocated once the table has grown to its working size.
struct OpenPieces {
    /// Cells set aside for each entry.
    let stride: Int
    private(set) var table: [OpenPiece] = []
    private(set) var cells: [BlockCell] = []
    /// The entries that have free blocks.
    private(set) var giving: GivingEntries
    private var entries = EntryMap()
    /// Entries whose piece is being hashed or written.
    private(set) var hashingCount = 0
    /// Entries with free blocks and no worker.
    private(set) var looseCount = 0
    /// Free blocks in all entries.
    private(set) var freeBlocks = 0
    private var unused: [Int32] = []

    init(geometry: TorrentGeometry) {
        self.stride = geometry.pieceCount == 0 ? 1 : geometry.blockCount(of: PieceIndex(0))
        self.giving = GivingEntries(most: self.stride)
    }

    var count: Int { self.entries.count }

    subscript(entry: Int) -> OpenPiece { self.table[entry] }

    func entry(of piece: PieceIndex) -> Int? { self.entries[piece] }

    func cell(_ block: Int, of entry: Int) -> BlockCell { self.cells[entry * self.stride + block] }

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
            self.giving.reserve(entry + 1)
        }
        self.giving.move(entry, from: 0, to: blockCount)
        self.entries.insert(piece, entry)
        self.looseCount += 1
        self.freeBlocks += blockCount
        return entry
    }

    /// The entry must have no workers.
    mutating func close(_ entry: Int) {
        let piece = self.table[entry]
        if piece.isLoose { self.looseCount -= 1 }
        if piece.isHashing { self.hashingCount -= 1 }
        self.addFree(-piece.free, to: entry)
        self.entries.remove(piece.piece)
        self.table[entry].isOpen = false
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

    /// Marks the first `count` free blocks as asked of `slot` and tells their numbers. There must be as many, and a worker.
    mutating func takeFree(_ count: Int, from entry: Int, by slot: UInt16, _ body: (Int) -> Void) {
        let base = entry * self.stride
        var block = Int(self.table[entry].cursor)
        for _ in 0..<count {
            while self.cells[base + block].status != .free { block += 1 }
            self.cells[base + block].status = .requested
            _ = self.cells[base + block].ask(slot)
            body(block)
            block += 1
        }
        self.table[entry].cursor = Int32(block)
        self.addFree(-Int32(count), to: entry)
    }

    /// Asks one more peer for a block that is under way; false when there is no room for it.
    mutating func duplicate(_ block: Int, of entry: Int, to slot: UInt16) -> Bool {
        self.cells[entry * self.stride + block].ask(slot)
    }

    /// Makes `slot` the one whose bytes of a block go into the buffer.
    mutating func setWriter(_ slot: UInt16, of block: Int, _ entry: Int) {
        self.cells[entry * self.stride + block].writer = slot
    }

    /// Marks a block that was missing as received. Returns whether it was the last.
    mutating func receive(_ block: Int, of entry: Int, from slot: UInt16) -> Bool {
        let index = entry * self.stride + block
        if self.cells[index].status == .free {
            if self.table[entry].isLoose, self.table[entry].free == 1 { self.looseCount -= 1 }
            self.addFree(-1, to: entry)
        }
        self.cells[index].receive(from: slot)
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
            self.addFree(1, to: entry)
            self.table[entry].cursor = min(self.table[entry].cursor, Int32(block))
        }
        self.table[entry].isHashing = false
        self.hashingCount -= 1
        self.table[entry].isSolo = true
        if self.table[entry].isLoose { self.looseCount += 1 }
    }

    /// Takes back what was asked of `slot`. Returns whether it had been asked and the block had not come.
    mutating func release(_ block: Int, of entry: Int, by slot: UInt16) -> Bool {
        let index = entry * self.stride + block
        guard self.cells[index].status == .requested, self.cells[index].unask(slot) else { return false }
        self.table[entry].isSolo = false
        guard self.cells[index].askedCount == 0 else { return true }
        self.cells[index].status = .free
        self.addFree(1, to: entry)
        self.table[entry].cursor = min(self.table[entry].cursor, Int32(block))
        if self.table[entry].free == 1, self.table[entry].isLoose { self.looseCount += 1 }
        return true
    }

    /// Keeps no memory of who `slot` was, in received blocks.
    mutating func forget(_ slot: UInt16) {
        for entry in self.table.indices where self.table[entry].isOpen {
            let base = entry * self.stride
            for index in base..<base + Int(self.table[entry].blockCount) { self.cells[index].forget(slot) }
        }
    }

    private mutating func addFree(_ change: Int32, to entry: Int) {
        let old = self.table[entry].free
        self.table[entry].free = old + change
        self.freeBlocks += Int(change)
        self.giving.move(entry, from: Int(old), to: Int(old + change))
    }
}
