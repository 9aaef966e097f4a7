// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension Swarm {
    /// Traps when the machine contradicts itself. Costs a pass over everything; does nothing in release builds.
    package func checkInvariants() {
        #if DEBUG
            self.checkPieces()
            self.checkOpenPieces()
            self.checkPeers()
        #endif
    }

    #if DEBUG
        private func checkPieces() {
            var unopened = 0
            var left: UInt64 = 0
            for index in 0..<self.geometry.pieceCount {
                let piece = PieceIndex(index)
                precondition(!(self.have[piece] && self.missing[piece]), "piece \(piece) is had and missing")
                precondition(!(self.have[piece] && self.open.entry(of: piece) != nil), "piece \(piece) is had and open")
                if self.missing[piece], self.open.entry(of: piece) == nil { unopened += 1 }
                if !self.have[piece] { left += UInt64(self.geometry.length(of: piece)) }
                let holders = self.peers.records.indices.count {
                    self.peers.isActive($0) && self.peers.has(piece, $0)
                }
                precondition(holders == self.holders[piece], "piece \(piece) has \(holders) holders")
            }
            precondition(unopened == self.unopenedCount, "\(unopened) unopened, counted \(self.unopenedCount)")
            precondition(left == self.leftBytes, "\(left) bytes left, counted \(self.leftBytes)")
        }

        private func checkOpenPieces() {
            let open = self.open.table.filter(\.isOpen)
            precondition(open.count == self.open.count, "open pieces")
            precondition(open.count { $0.isLoose } == self.open.looseCount, "loose pieces")
            precondition(open.count { $0.isHashing } == self.open.hashingCount, "pieces being hashed")
            precondition(open.reduce(0) { $0 + Int($1.free) } == self.open.freeBlocks, "free blocks")
            for (entry, piece) in self.open.table.enumerated() {
                for number in 1...self.open.stride {
                    let isListed = self.open.giving.contains(entry, number)
                    precondition(isListed == (piece.isOpen && piece.free == number), "free blocks of entry \(entry)")
                }
            }
            for (entry, piece) in self.open.table.enumerated() where piece.isOpen {
                precondition(self.open.entry(of: piece.piece) == entry, "entry \(entry) and its piece")
                let cells = (0..<Int(piece.blockCount)).map { self.open.cell($0, of: entry) }
                precondition(cells.count { $0.status == .free } == piece.free, "free blocks of \(piece.piece)")
                precondition(cells.count { $0.status == .received } == piece.received, "received of \(piece.piece)")
                precondition(cells.allSatisfy { ($0.status == .free) == ($0.askedCount == 0) }, "asked, yet free")
                precondition(!cells.prefix(Int(piece.cursor)).contains { $0.status == .free }, "free before the cursor")
                let workers = self.peers.records.count { $0.isActive && Int($0.current) == entry }
                precondition(workers == piece.workers, "\(workers) workers on \(piece.piece)")
            }
        }

        private func checkPeers() {
            var owed = Array(repeating: 0, count: self.peers.records.count)
            for (entry, piece) in self.open.table.enumerated() where piece.isOpen {
                for block in 0..<Int(piece.blockCount) {
                    let cell = self.open.cell(block, of: entry)
                    guard cell.status == .requested else { continue }
                    for position in 0..<Int(cell.askedCount) { owed[Int(cell[position])] += 1 }
                }
            }
            for (slot, record) in self.peers.records.enumerated() where record.isActive {
                precondition(owed[slot] == record.outstanding, "slot \(slot) owes \(owed[slot])")
                let row = (0..<self.peers.wordsPerRow).map { self.peers.word($0, of: slot) }
                let had = row.reduce(0) { $0 + $1.nonzeroBitCount }
                let last = (0..<self.geometry.pieceCount).last {
                    self.missing[PieceIndex($0)] && self.peers.has(PieceIndex($0), slot)
                }
                precondition(had == record.haveCount, "slot \(slot) has \(had)")
                precondition(last ?? -1 == self.peers.lastMissing[slot], "slot \(slot), and what it has that we miss")
                precondition(record.current < 0 || !record.chokesUs, "slot \(slot) chokes us and works")
            }
        }
    #endif
}
