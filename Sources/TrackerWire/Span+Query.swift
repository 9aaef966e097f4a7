// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Reading a raw query (what follows the question mark) in place. `+` stands for itself: the values of announces are
/// binary, and clients that mean a space write `%20`.
extension Span<UInt8> {
    /// The next pair from `position`, which moves past it; nil at the end. Empty pairs are passed over.
    package func queryPair(at position: inout Int) -> QueryPair? {
        while position < self.count {
            let start = position
            var equals: Int?
            var end = start
            while end < self.count, self[end] != UInt8(ascii: "&") {
                if equals == nil, self[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            position = end + 1
            guard end > start else { continue }
            let middle = equals ?? end
            return QueryPair(name: start..<middle, value: min(middle + 1, end)..<end)
        }
        return nil
    }

    /// Whether the bytes of `range` are exactly `name`, which is ASCII.
    package func matches(_ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { expected in
            for offset in 0..<expected.count where self[range.lowerBound + offset] != expected[offset] {
                return false
            }
            return true
        }
    }

    /// The decoded bytes of a value; nil at an escape that is not one.
    package func decoded(_ range: Range<Int>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            guard let byte = self.decodedByte(&position, end: range.upperBound) else { return nil }
            result.append(byte)
        }
        return result
    }

    /// The decoded text of a value, what is not UTF-8 replaced; nil at an escape that is not one.
    package func text(_ range: Range<Int>) -> String? {
        self.decoded(range).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Twenty decoded bytes; `name` is for the error.
    func twentyBytes(_ range: Range<Int>, _ name: String) throws(TrackerQueryError) -> Bytes20 {
        var high: UInt64 = 0
        var middle: UInt64 = 0
        var low: UInt32 = 0
        var count = 0
        var position = range.lowerBound
        while position < range.upperBound {
            guard let byte = self.decodedByte(&position, end: range.upperBound) else { throw .badEscape(name) }
            if count < 8 {
                high = high << 8 | UInt64(byte)
            } else if count < 16 {
                middle = middle << 8 | UInt64(byte)
            } else {
                low = low << 8 | UInt32(byte)
            }
            count += 1
        }
        guard count == 20 else { throw .notTwentyBytes(name, count) }
        return Bytes20(high: high, middle: middle, low: low)
    }

    /// A decimal number; negative ones read as 0, those past 2⁶⁴−1 as that. Nil for anything else.
    package func number(_ range: Range<Int>) -> UInt64? {
        var digits = range
        let isNegative = !digits.isEmpty && self[digits.lowerBound] == UInt8(ascii: "-")
        if isNegative { digits = digits.lowerBound + 1..<digits.upperBound }
        guard !digits.isEmpty else { return nil }
        var value: UInt64 = 0
        for position in digits {
            let digit = self[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            value = overflow || carry ? .max : sum
            if overflow || carry { break }
        }
        return isNegative ? 0 : value
    }

    /// As `text`, of a value that a form wrote: `+` is a space.
    package func formText(_ range: Range<Int>) -> String? {
        var result: [UInt8] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let isPlus = self[position] == UInt8(ascii: "+")
            guard let byte = self.decodedByte(&position, end: range.upperBound) else { return nil }
            result.append(isPlus ? UInt8(ascii: " ") : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func decodedByte(_ position: inout Int, end: Int) -> UInt8? {
        let byte = self[position]
        guard byte == UInt8(ascii: "%") else {
            position += 1
            return byte
        }
        guard end - position >= 3, let high = Self.nibble(self[position + 1]),
            let low = Self.nibble(self[position + 2])
        else { return nil }
        position += 3
        return high << 4 | low
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}
