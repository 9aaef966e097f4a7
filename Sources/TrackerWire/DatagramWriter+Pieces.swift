// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The answers about the piece map.
extension DatagramWriter {
    /// The answer to a report.
    package mutating func reported(_ answer: PieceReportAnswer, transaction: UInt32) {
        self.append(PieceAction.report.rawValue)
        self.append(transaction)
        self.append(answer.epoch)
        self.append(UInt16(clamping: answer.period.nanoseconds / 1_000_000))
        self.append(answer.verdict.rawValue)
    }

    /// The answer to a question for holders up to the first of them.
    package mutating func holders(epoch: UInt32, transaction: UInt32) {
        self.append(PieceAction.holders.rawValue)
        self.append(transaction)
        self.append(epoch)
    }

    /// The holders of the next piece that was asked for, of whom `packed` are named, `width` bytes each.
    package mutating func holders(of piece: PieceIndex, count: Int, packed: ArraySlice<UInt8>, width: Int) {
        self.append(piece.rawValue)
        self.append(UInt32(clamping: count))
        self.append(UInt16(clamping: packed.count / width))
        self.append(packed)
    }

    /// The answer to a question for availability up to its counts, which are appended one by one.
    package mutating func availability(_ head: PieceAvailability, transaction: UInt32) {
        self.append(PieceAction.availability.rawValue)
        self.append(transaction)
        self.append(head.epoch)
        self.append(head.pieceCount)
        self.append(head.seeds)
        self.append(head.reporters)
        self.append(head.first.rawValue)
        self.append(head.counts)
    }

    /// The answer to a question for the rarest pieces.
    package mutating func rarest(epoch: UInt32, seeds: Int, _ pieces: [PieceRarity], transaction: UInt32) {
        self.append(PieceAction.rarest.rawValue)
        self.append(transaction)
        self.append(epoch)
        self.append(UInt32(clamping: seeds))
        for entry in pieces {
            self.append(entry.piece.rawValue)
            self.append(entry.holders)
        }
    }

    /// Another tracker looks after the torrent: `host:port` of each that might, the owner first.
    package mutating func moved(to trackers: [String], transaction: UInt32) {
        self.append(PieceRedirection.action)
        self.append(transaction)
        self.append(trackers: trackers)
    }

    /// The trackers that would look after the torrent next.
    package mutating func nodes(_ trackers: [String], transaction: UInt32) {
        self.append(PieceAction.nodes.rawValue)
        self.append(transaction)
        self.append(trackers: trackers)
    }

    private mutating func append(trackers: [String]) {
        for tracker in trackers.prefix(PieceRedirection.mostTrackers) {
            let text = tracker.utf8.prefix(PieceRedirection.longestTracker)
            self.append([UInt8(text.count)])
            self.append(text)
        }
    }
}
