// SPDX-License-Identifier: Apache-2.0

/// How a report writes down a set of pieces; the sender takes whatever is shortest. Numbers are LEB128: seven bits a
/// byte, the lowest first, the top bit set in all but the last; at most five bytes.
package enum PieceEncoding: UInt8, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    /// Single pieces in rising order: the first, then how many are left out before each next one.
    case gaps = 0
    /// Stretches of pieces: how many are left out before each, then its length less one.
    case runs = 1
    /// The number of bytes left out, then a bitfield as of BEP 3, from that byte on.
    case bitmap = 2
    /// One stretch, where it begins and how long it is, then its missing pieces, as in `gaps` and counted from its
    /// beginning.
    case absent = 3

    /// Calls `body` with stretches of pieces, in rising order and none twice, that `payload` names. False when it is not
    /// well-formed or names a piece that `pieceCount` has not; `body` may have been called by then.
    package func forEachRun(
        in payload: Span<UInt8>, pieceCount: UInt32, _ body: (_ first: UInt32, _ count: UInt32) -> Void
    ) -> Bool {
        switch self {
        case .gaps:
            var reader = PieceNumberReader()
            return reader.readGaps(payload, from: 0, to: pieceCount) { body($0, 1) }
        case .runs: return Self.runs(payload, pieceCount, body)
        case .bitmap: return Self.bitmap(payload, pieceCount, body)
        case .absent: return Self.absent(payload, pieceCount, body)
        }
    }

    private static func runs(
        _ payload: Span<UInt8>, _ pieceCount: UInt32, _ body: (UInt32, UInt32) -> Void
    ) -> Bool {
        var reader = PieceNumberReader()
        var position: UInt64 = 0
        while reader.position < payload.count {
            guard let gap = reader.next(payload), let more = reader.next(payload) else { return false }
            let first = position + UInt64(gap)
            position = first + UInt64(more) + 1
            guard position <= UInt64(pieceCount) else { return false }
            body(UInt32(first), more + 1)
        }
        return true
    }

    private static func bitmap(
        _ payload: Span<UInt8>, _ pieceCount: UInt32, _ body: (UInt32, UInt32) -> Void
    ) -> Bool {
        var reader = PieceNumberReader()
        guard let skipped = reader.next(payload) else { return false }
        let start = UInt64(skipped) * 8
        let bytes = payload.extracting(reader.position..<payload.count)
        guard start + UInt64(bytes.count) * 8 < UInt64(pieceCount) + 8 || bytes.isEmpty else { return false }
        var first: UInt64?
        for offset in bytes.indices {
            let byte = bytes[offset]
            if byte == (first == nil ? 0 : 0xff) { continue }
            for bit in 0..<8 {
                let piece = start + UInt64(offset * 8 + bit)
                if byte << bit & 0x80 != 0 {
                    guard piece < UInt64(pieceCount) else { return false }
                    if first == nil { first = piece }
                } else if let begun = first {
                    body(UInt32(begun), UInt32(piece - begun))
                    first = nil
                }
            }
        }
        guard let begun = first else { return true }
        let end = start + UInt64(bytes.count) * 8
        // The last byte was 0xff, so all its pieces must exist.
        guard end <= UInt64(pieceCount) else { return false }
        body(UInt32(begun), UInt32(end - begun))
        return true
    }

    private static func absent(
        _ payload: Span<UInt8>, _ pieceCount: UInt32, _ body: (UInt32, UInt32) -> Void
    ) -> Bool {
        var reader = PieceNumberReader()
        guard let first = reader.next(payload), let length = reader.next(payload),
            UInt64(first) + UInt64(length) <= UInt64(pieceCount)
        else { return false }
        var position = first
        let end = first + length
        let isWhole = reader.readGaps(payload, from: first, to: end) { missing in
            if missing > position { body(position, missing - position) }
            position = missing + 1
        }
        guard isWhole else { return false }
        if position < end { body(position, end - position) }
        return true
    }
}
