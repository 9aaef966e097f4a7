// SPDX-License-Identifier: Apache-2.0

import ControlText
import ControlWire
import Testing

@Suite struct PieceMapTests {
    /// Three are here, one is on its way, the others are missing with 12, 9, 1, 2, 0 and 0 holders.
    private static let ten = TorrentPieces.Result(
        pieceCount: 10, pieceLength: 1 << 20, have: Base64Bytes([0b1110_0000, 0]), inFlight: [4],
        availability: Base64Bytes([1, 1, 1, 12, 1, 9, 1, 2, 0, 0]))

    private static func text(
        _ pieces: TorrentPieces.Result, _ glyphs: GlyphSet = .unicode, width: Int, rows: Int = 40
    ) -> [String] { PieceMap(pieces, glyphs).lines(width: width, rows: rows).map(\.text) }

    @Test func `what is here, on its way, missing and held by nobody is told apart, with a legend`() {
        #expect(
            Self.text(Self.ten, width: 80) == [
                "███▓↓▓░▒××", "3 of 10 pieces of 1.0 MiB",
                "█ here  ↓ on its way  missing, holders: × 0  ░ 1  ▒ 2-3  ▓ 4+",
            ])
        #expect(
            Self.text(Self.ten, .ascii, width: 80) == [
                "###=~=.:!!", "3 of 10 pieces of 1.0 MiB",
                "# here  ~ on its way  missing, holders: ! 0  . 1  : 2-3  = 4+",
            ])
        #expect(PieceMap(Self.ten).haveCount == 3)
    }

    @Test func `several pieces share a character where there are more than fit, and the rarest of them counts`() {
        #expect(
            Self.text(Self.ten, width: 5, rows: 1)[...1] == ["█▄↓░×", "3 of…"])
        #expect(Self.text(Self.ten, .ascii, width: 4, rows: 40)[..<3] == ["###=", "~=.:", "!!"])
        let lines = Self.text(Self.ten, width: 50, rows: 1)
        #expect(lines[1] == "3 of 10 pieces of 1.0 MiB")
        let many = TorrentPieces.Result(
            pieceCount: 100_000, pieceLength: 1 << 18, have: Base64Bytes([UInt8](repeating: 0xFF, count: 6_250)),
            inFlight: [99_999], availability: Base64Bytes([UInt8](repeating: 2, count: 100_000)))
        let folded = Self.text(many, width: 80)
        #expect(folded.count == 42 && folded[..<40].allSatisfy { $0.count == 80 })
        #expect(folded[0] == String(repeating: "█", count: 80) && folded[39].hasSuffix("▒▒↓"))
        #expect(folded[40] == "50000 of 100000 pieces of 256 KiB, up to 32 in a character")
    }

    @Test func `where nothing is known of the holders a missing piece is just that`() {
        var unknown = Self.ten
        unknown.availability = Base64Bytes([])
        #expect(
            Self.text(unknown, width: 80) == [
                "███·↓·····", "3 of 10 pieces of 1.0 MiB", "█ here  ↓ on its way  · missing",
            ])
    }

    @Test(arguments: 1...80) func `no line is wider than the terminal, whatever it shows`(width: Int) {
        var all = Self.ten
        all.availability = Base64Bytes([1, 1, 1, 12, 1, 9, 1, 2, 0])
        for glyphs in [GlyphSet.unicode, .ascii] {
            for rows in [1, 3, 40] {
                for line in PieceMap(all, glyphs).lines(width: width, rows: rows) {
                    #expect(Printable.columns(line.text) <= width)
                    #expect(line.text.utf8.allSatisfy { $0 < 0x80 } || glyphs == .unicode || line.text.hasSuffix("…"))
                }
            }
        }
    }

    @Test func `with every kind of piece the legend fits 80 columns in one line but for the unknown`() {
        let legend = "█ here  ▄ partly here  ↓ on its way  missing, holders: × 0  ░ 1  ▒ 2-3  ▓ 4+"
        #expect(Printable.columns(legend) <= 80)
        let pieces = TorrentPieces.Result(
            pieceCount: 12, pieceLength: 1, have: Base64Bytes([0b1110_0000, 0]), inFlight: [4, 5],
            availability: Base64Bytes([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 9]))
        #expect(Self.text(pieces, width: 6, rows: 1)[0] == "█▄↓×░▒")
        #expect(Self.text(pieces, width: 80).last == legend.replacing("▄ partly here  ", with: ""))
    }

    @Test func `colours tell the same once more, and only where they may`() {
        let lines = PieceMap(Self.ten).lines(width: 80, rows: 1)
        #expect(lines[0].drawing(colours: false) == "███▓↓▓░▒××")
        #expect(
            lines[0].drawing(colours: true)
                == "\u{1B}[32m███\u{1B}[0m\u{1B}[34m▓\u{1B}[0m\u{1B}[35m↓\u{1B}[0m\u{1B}[34m▓\u{1B}[0m\u{1B}[33m░\u{1B}[0m"
                + "\u{1B}[36m▒\u{1B}[0m\u{1B}[31m××\u{1B}[0m")
    }

    @Test func `a piece map whose fields do not fit does not trap`() {
        let odd = TorrentPieces.Result(
            pieceCount: 100, pieceLength: 1, have: Base64Bytes([]), inFlight: [-1, 1 << 60],
            availability: Base64Bytes([0]))
        #expect(Self.text(odd, width: 50, rows: 1)[0].count == 50)
        let none = TorrentPieces.Result(
            pieceCount: -1, pieceLength: 0, have: Base64Bytes([]), inFlight: [], availability: Base64Bytes([]))
        #expect(PieceMap(none).lines(width: 0, rows: 0).isEmpty)
    }

    @Test(arguments: [
        (nil, nil, nil, GlyphSet.ascii), (nil, nil, "C.UTF-8", .unicode), ("", "", "de_DE.utf8", .unicode),
        ("C", nil, "de_DE.UTF-8", .ascii), (nil, "POSIX", "de_DE.UTF-8", .ascii), (nil, "en_US.UTF-8", "C", .unicode),
        (nil, nil, "de_DE.ISO-8859-1", .ascii), ("", "", "", .ascii),
    ])
    func `the first variable that is set says what the locale can show`(
        all: String?, type: String?, language: String?, glyphs: GlyphSet
    ) {
        #expect(GlyphSet(everything: all, characterType: type, language: language) == glyphs)
    }
}
