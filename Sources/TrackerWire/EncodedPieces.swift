// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A set of pieces as a report carries it.
package struct EncodedPieces: Hashable, Sendable {
    /// How it is written down.
    package let encoding: PieceEncoding
    /// The bytes.
    package let payload: [UInt8]
    /// Pieces before this one are in the bytes, as far as they belong to the set; the rest is for another report.
    package let end: PieceIndex

    /// The set in the fewest bytes. Where that is more than `limit`, which must be at least 16, its beginning.
    package init(_ pieces: Bitfield, from start: PieceIndex = PieceIndex(0), limit: Int = .max) {
        let whole = start.offset..<pieces.count
        if let best = Self.shortest(pieces, whole, limit: limit) {
            self = best
            return
        }
        // A bitmap of what is left of the limit after its offset always fits.
        let first = Self.firstSet(pieces, whole) ?? whole.lowerBound
        let end = min(pieces.count, (first / 8 + limit - 5) * 8)
        self =
            Self.shortest(pieces, first..<end, limit: limit)
            ?? Self(encoding: .bitmap, payload: Self.bitmap(pieces, first..<end), end: PieceIndex(end))
    }

    private init(encoding: PieceEncoding, payload: [UInt8], end: PieceIndex) {
        self.encoding = encoding
        self.payload = payload
        self.end = end
    }

    private static func firstSet(_ pieces: Bitfield, _ range: Range<Int>) -> Int? {
        range.first { pieces[PieceIndex($0)] }
    }

    private static func shortest(_ pieces: Bitfield, _ range: Range<Int>, limit: Int) -> Self? {
        let sizes = Sizes(pieces, range)
        let options: [(PieceEncoding, Int)] = [
            (.gaps, sizes.gaps), (.runs, sizes.runs), (.absent, sizes.absent), (.bitmap, sizes.bitmap),
        ]
        guard let best = options.min(by: { $0.1 < $1.1 }), best.1 <= limit else { return nil }
        let payload =
            switch best.0 {
            case .gaps: Self.gaps(pieces, range)
            case .runs: Self.runs(pieces, range)
            case .absent: Self.absent(pieces, range)
            case .bitmap: Self.bitmap(pieces, range)
            }
        return Self(encoding: best.0, payload: payload, end: PieceIndex(range.upperBound))
    }

    private static func gaps(_ pieces: Bitfield, _ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        var expected = 0
        for piece in range where pieces[PieceIndex(piece)] {
            bytes.append(number: piece - expected)
            expected = piece + 1
        }
        return bytes
    }

    private static func runs(_ pieces: Bitfield, _ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        var end = 0
        self.forEachRun(pieces, range) { first, count in
            bytes.append(number: first - end)
            bytes.append(number: count - 1)
            end = first + count
        }
        return bytes
    }

    private static func absent(_ pieces: Bitfield, _ range: Range<Int>) -> [UInt8] {
        guard let first = self.firstSet(pieces, range), let last = range.last(where: { pieces[PieceIndex($0)] }) else {
            return [0, 0]
        }
        var bytes: [UInt8] = []
        bytes.append(number: first)
        bytes.append(number: last - first + 1)
        var expected = first
        for piece in first...last where !pieces[PieceIndex(piece)] {
            bytes.append(number: piece - expected)
            expected = piece + 1
        }
        return bytes
    }

    private static func bitmap(_ pieces: Bitfield, _ range: Range<Int>) -> [UInt8] {
        let first = (self.firstSet(pieces, range) ?? range.lowerBound) / 8
        let last = (range.last(where: { pieces[PieceIndex($0)] }) ?? first * 8) / 8
        var bytes: [UInt8] = []
        bytes.append(number: first)
        for byte in first...last {
            var value: UInt8 = 0
            for piece in byte * 8..<min(byte * 8 + 8, range.upperBound)
            where piece >= range.lowerBound && pieces[PieceIndex(piece)] {
                value |= 0x80 >> UInt8(piece % 8)
            }
            bytes.append(value)
        }
        return bytes
    }

    fileprivate static func forEachRun(_ pieces: Bitfield, _ range: Range<Int>, _ body: (Int, Int) -> Void) {
        var first: Int?
        for piece in range {
            if pieces[PieceIndex(piece)] {
                if first == nil { first = piece }
            } else if let begun = first {
                body(begun, piece - begun)
                first = nil
            }
        }
        if let begun = first { body(begun, range.upperBound - begun) }
    }
}

/// How many bytes each encoding would take, found in one pass.
private struct Sizes {
    var gaps = 0
    var runs = 0
    var absent = 0
    var bitmap = 0

    init(_ pieces: Bitfield, _ range: Range<Int>) {
        var (first, end) = (0, 0)
        var isFirst = true
        EncodedPieces.forEachRun(pieces, range) { start, count in
            let gap = start - end
            self.gaps += Self.length(gap) + count - 1
            self.runs += Self.length(gap) + Self.length(count - 1)
            if isFirst {
                first = start
                isFirst = false
            } else {
                self.absent += Self.length(self.gapBefore) + gap - 1
            }
            self.gapBefore = count
            end = start + count
        }
        self.absent += Self.length(first) + Self.length(max(end - first, 0))
        self.bitmap = Self.length(first / 8) + (isFirst ? 1 : (end - 1) / 8 - first / 8 + 1)
    }

    /// Pieces since the last missing one.
    private var gapBefore = 0

    private static func length(_ number: Int) -> Int {
        number < 1 << 7 ? 1 : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : number < 1 << 28 ? 4 : 5
    }
}

extension [UInt8] {
    /// LEB128 of a number that is not negative.
    mutating func append(number: Int) {
        var rest = UInt64(number)
        while rest >= 0x80 {
            self.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.append(UInt8(truncatingIfNeeded: rest))
    }
}
