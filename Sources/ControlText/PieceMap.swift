// SPDX-License-Identifier: Apache-2.0

package import ControlWire

/// The pieces of a torrent drawn in characters, several pieces in one when there are many.
package struct PieceMap: Sendable {
    /// What the characters say.
    private static let meanings: [(symbol: Character, meaning: String)] = [
        ("#", "here"), ("+", "partly here"), ("~", "on its way"), (".", "missing"), ("!", "nobody connected has it"),
    ]
    private static let rarities: [Character] = Array("123456789")
    private static let raritiesMeaning = "1-9 missing, so many have it"

    private let pieces: TorrentPieces.Result
    private let inFlight: Set<Int>

    /// Takes what the daemon says; fields that do not fit each other count as missing pieces.
    package init(_ pieces: TorrentPieces.Result) {
        self.pieces = pieces
        self.inFlight = Set(pieces.inFlight)
    }

    /// How many pieces are here.
    package var haveCount: Int { (0..<max(0, self.pieces.pieceCount)).count(where: self.have) }

    /// Lines of at most `width` characters, at most `lines` of them, each with its end.
    package func text(width: Int, lines: Int) -> String {
        let count = max(0, self.pieces.pieceCount)
        let cells = min(count, max(1, width) * max(1, lines))
        guard cells > 0 else { return "" }
        var text = ""
        for cell in 0..<cells {
            // Two factors below 2^32 and 2^16: no overflow.
            text.append(self.symbol(for: cell * count / cells..<(cell + 1) * count / cells))
            if (cell + 1) % max(1, width) == 0 || cell == cells - 1 { text += "\n" }
        }
        return text
    }

    /// What the characters of a drawing say.
    package static func legend(for text: String) -> String {
        var words = Self.meanings.filter { text.contains($0.symbol) }.map { "\($0.symbol) \($0.meaning)" }
        if text.contains(where: Self.rarities.contains) { words.append(Self.raritiesMeaning) }
        return words.joined(separator: "   ")
    }

    private func symbol(for range: Range<Int>) -> Character {
        let here = range.count(where: self.have)
        if here == range.count { return "#" }
        if range.contains(where: self.inFlight.contains) { return "~" }
        if here > 0 { return "+" }
        // The rarest piece of a cell is the one that counts.
        switch range.compactMap(self.holders).min() {
        case 0: return "!"
        case .some(let count) where count <= Self.rarities.count: return Self.rarities[count - 1]
        case .some, nil: return "."
        }
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
