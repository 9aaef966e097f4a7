// SPDX-License-Identifier: Apache-2.0

package import ControlWire

/// The pieces of a torrent drawn in characters, several pieces in one when there are many.
package struct PieceMap: Sendable {
    private static let counted = "missing, holders:"

    private let pieces: TorrentPieces.Result
    private let inFlight: Set<Int>
    private let glyphs: GlyphSet

    /// Takes what the daemon says; fields that do not fit each other count as missing pieces.
    package init(_ pieces: TorrentPieces.Result, _ glyphs: GlyphSet = .unicode) {
        self.pieces = pieces
        self.inFlight = Set(pieces.inFlight)
        self.glyphs = glyphs
    }

    /// How many pieces are here.
    package var haveCount: Int { (0..<self.count).count(where: self.have) }

    /// The whole: lines of at most `width` columns, the map in at most `rows` of them, below it how many pieces there are, and
    /// what the characters say.
    package func lines(width: Int, rows: Int) -> [PaintedText] {
        let width = max(1, width)
        let cells = self.cells(atMost: width * max(1, rows))
        guard !cells.isEmpty else { return [] }
        var lines: [PaintedText] = []
        for start in stride(from: 0, to: cells.count, by: width) {
            var line = PaintedText()
            for cell in cells[start..<min(start + width, cells.count)] {
                line.append(String(cell.symbol(self.glyphs)), cell.colour)
            }
            lines.append(line)
        }
        let perCell = (self.count + cells.count - 1) / cells.count
        let folded = perCell > 1 ? ", up to \(perCell) in a character" : ""
        let size = SizeText.size(self.pieces.pieceLength)
        lines.append(PaintedText("\(self.haveCount) of \(self.count) pieces of \(size)\(folded)").fitted(to: width))
        return lines + self.legend(of: Set(cells), width: width)
    }

    private var count: Int { max(0, self.pieces.pieceCount) }

    private func cells(atMost most: Int) -> [PieceCell] {
        let cells = min(self.count, most)
        // Two factors below 2^32 and 2^16: no overflow.
        return (0..<cells).map { self.cell(of: $0 * self.count / cells..<($0 + 1) * self.count / cells) }
    }

    /// What the characters that are there say, as many in a line as fit.
    private func legend(of cells: Set<PieceCell>, width: Int) -> [PaintedText] {
        var lines: [PaintedText] = []
        var line = PaintedText()
        var isCounting = false
        for cell in PieceCell.allCases where cells.contains(cell) {
            var entry = PaintedText()
            if cell.isCounted, !isCounting { entry.append(Self.counted + " ") }
            isCounting = cell.isCounted
            entry.append(String(cell.symbol(self.glyphs)), cell.colour)
            entry.append(" " + cell.meaning)
            if !line.isEmpty, Printable.columns(line.text) + 2 + Printable.columns(entry.text) > width {
                lines.append(line)
                line = PaintedText()
            }
            if !line.isEmpty { line.append("  ") }
            line.append(entry)
        }
        return (lines + [line]).map { $0.fitted(to: width) }
    }

    private func cell(of range: Range<Int>) -> PieceCell {
        let here = range.count(where: self.have)
        if here == range.count { return .here }
        if !self.inFlight.isEmpty, range.contains(where: self.inFlight.contains) { return .onItsWay }
        if here > 0 { return .partlyHere }
        // The rarest piece of a cell is the one that counts.
        return PieceCell(holders: range.compactMap(self.holders).min())
    }

    private func have(_ piece: Int) -> Bool {
        let bytes = self.pieces.have.bytes
        return piece / 8 < bytes.count && bytes[piece / 8] & (0x80 >> UInt8(piece % 8)) != 0
    }

    /// Connected peers that have a piece; nil when that is not known.
    private func holders(_ piece: Int) -> Int? {
        let bytes = self.pieces.availability.bytes
        return piece < bytes.count ? Int(bytes[piece]) : nil
    }
}
