// SPDX-License-Identifier: Apache-2.0

/// A GET that came whole and says nothing of a body: what announces are. Where it stands in the bytes, so that nothing
/// is copied. Whatever is not plainly one is left to the full parser.
struct FastRequest {
    /// Path and query.
    var target: Range<Int>
    /// All of the request.
    var length: Int
    var isHTTP10: Bool
    var keepsAlive: Bool
    /// The value of `X-Forwarded-For`; who has several of them is left to the full parser.
    var forwardedFor: Range<Int>?

    /// Nil where the bytes are anything else, or less, than such a request.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.begins("GET /"), let end = Self.targetEnd(bytes) else { return nil }
        let version = bytes.extracting(end..<bytes.count)
        if version.begins(" HTTP/1.1\r\n") {
            self.isHTTP10 = false
        } else if version.begins(" HTTP/1.0\r\n") {
            self.isHTTP10 = true
        } else {
            return nil
        }
        self.target = 4..<end
        self.keepsAlive = !self.isHTTP10
        self.length = end + 11
        var fields = 0
        while !bytes.extracting(self.length..<bytes.count).begins("\r\n") {
            fields += 1
            guard fields <= FastPath.headers, self.length <= FastPath.headersBytes,
                self.readField(bytes)
            else { return nil }
        }
        self.length += 2
    }

    private static func targetEnd(_ bytes: Span<UInt8>) -> Int? {
        var end = 4
        while end < bytes.count, bytes[end] > 0x20, bytes[end] < 0x7f { end += 1 }
        return end < bytes.count && bytes[end] == 0x20 ? end : nil
    }

    /// Reads one line; false where the request is not for here.
    private mutating func readField(_ bytes: Span<UInt8>) -> Bool {
        let start = self.length
        var colon = start
        while colon < bytes.count, Self.isToken(bytes[colon]) { colon += 1 }
        guard colon > start, colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else { return false }
        var end = colon + 1
        while end < bytes.count, bytes[end] >= 0x20 || bytes[end] == 0x09, bytes[end] != 0x7f { end += 1 }
        guard end + 1 < bytes.count, bytes[end] == 0x0d, bytes[end + 1] == 0x0a else { return false }
        self.length = end + 2
        return self.take(bytes, name: start..<colon, value: colon + 1..<end)
    }

    private mutating func take(_ bytes: Span<UInt8>, name: Range<Int>, value: Range<Int>) -> Bool {
        switch name.count {
        case 6: return !bytes.isName(name, "expect")
        case 7: return !bytes.isName(name, "upgrade")
        case 10 where bytes.isName(name, "connection"):
            let word = bytes.trimmed(value)
            if bytes.isName(word, "keep-alive") {
                self.keepsAlive = true
            } else if bytes.isName(word, "close") {
                self.keepsAlive = false
            } else {
                return false
            }
        case 14: return !bytes.isName(name, "content-length")
        case 15 where bytes.isName(name, "x-forwarded-for"):
            guard self.forwardedFor == nil else { return false }
            self.forwardedFor = value
        case 17: return !bytes.isName(name, "transfer-encoding")
        default: break
        }
        return true
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension Span<UInt8> {
    /// Whether the bytes of `range` are `name`, which is in lower case, in any case.
    fileprivate func isName(_ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { expected in
            for offset in expected.indices {
                let byte = self[range.lowerBound + offset]
                let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
                if (isUpper ? byte | 0x20 : byte) != expected[offset] { return false }
            }
            return true
        }
    }

    /// The range without spaces at its ends.
    fileprivate func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, self[low] == 0x20 || self[low] == 0x09 { low += 1 }
        while low < high, self[high - 1] == 0x20 || self[high - 1] == 0x09 { high -= 1 }
        return low..<high
    }
}
