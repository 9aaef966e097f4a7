// SPDX-License-Identifier: Apache-2.0

extension AddressFilter {
    /// What a line of a block list says.
    enum Rule {
        case comment
        case junk
        case allowed
        case blocked(ClosedRange<IPAddress>)
    }

    /// eMule's levels below this one block.
    private static let allowedLevel = 128

    static func rule(of line: ArraySlice<UInt8>) -> Rule {
        let line = Self.trimmed(line)
        guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";"),
            !line.starts(with: "//".utf8)
        else { return .comment }
        if let range = Self.range(of: line) { return .blocked(range) }
        return Self.datRule(of: line) ?? Self.namedRange(of: line).map { .blocked($0) } ?? .junk
    }

    /// eMule: the range stands before the first comma, the level after it.
    private static func datRule(of line: ArraySlice<UInt8>) -> Rule? {
        guard let comma = line.firstIndex(of: UInt8(ascii: ",")) else { return nil }
        guard let range = Self.range(of: Self.trimmed(line[..<comma])) else { return nil }
        let level = line[(comma + 1)...].prefix { $0 != UInt8(ascii: ",") }
        let number = Int(String(decoding: Self.trimmed(level), as: UTF8.self))
        return (number ?? 0) < Self.allowedLevel ? .blocked(range) : .allowed
    }

    /// P2P: the range stands after a name and a colon, and both name and range may have colons in them; so the longest
    /// rest that is a range counts.
    private static func namedRange(of line: ArraySlice<UInt8>) -> ClosedRange<IPAddress>? {
        // No range is longer than two full IPv6 addresses with a dash and some blanks between.
        for colon in line.indices.suffix(128) where line[colon] == UInt8(ascii: ":") {
            if let range = Self.range(of: Self.trimmed(line[(colon + 1)...])) { return range }
        }
        return nil
    }

    /// `a-b`, `a/n` or `a`.
    private static func range(of text: ArraySlice<UInt8>) -> ClosedRange<IPAddress>? {
        if let dash = text.firstIndex(of: UInt8(ascii: "-")) {
            guard let first = Self.address(Self.trimmed(text[..<dash])),
                let last = Self.address(Self.trimmed(text[(dash + 1)...])), first.isV6 == last.isV6, first <= last
            else { return nil }
            return first...last
        }
        if let slash = text.firstIndex(of: UInt8(ascii: "/")) {
            guard let address = Self.address(text[..<slash]),
                let length = Int(String(decoding: text[(slash + 1)...], as: UTF8.self))
            else { return nil }
            return Self.network(address, length: length)
        }
        return Self.address(text).map { $0...$0 }
    }

    /// All addresses that share the first `length` bits with `address`.
    private static func network(_ address: IPAddress, length: Int) -> ClosedRange<IPAddress>? {
        var first = address.bytes
        var last = first
        guard length >= 0, length <= first.count * 8 else { return nil }
        for offset in first.indices {
            let fixed = min(8, max(0, length - offset * 8))
            let free: UInt8 = fixed == 8 ? 0 : 0xff >> UInt8(fixed)
            first[offset] &= ~free
            last[offset] |= free
        }
        guard let lower = IPAddress(bytes: first), let upper = IPAddress(bytes: last), lower.isV6 == upper.isV6,
            lower <= upper
        else { return nil }
        return lower...upper
    }

    private static func address(_ text: ArraySlice<UInt8>) -> IPAddress? {
        guard text.contains(UInt8(ascii: ":")) else { return Self.quad(text) }
        return IPAddress(String(decoding: text, as: UTF8.self))
    }

    /// Dotted quads, as `IPAddress` reads them but without making strings: lists have hundreds of thousands.
    private static func quad(_ text: ArraySlice<UInt8>) -> IPAddress? {
        var number: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                number = number << 8 | part
                part = 0
                digits = 0
                dots += 1
            } else {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 3 else { return nil }
                part = part * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
                guard part <= 255 else { return nil }
            }
        }
        guard dots == 3, digits > 0 else { return nil }
        return IPAddress(v4: number << 8 | part)
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let first = text.firstIndex(where: { !isBlank($0) }) else { return [] }
        guard let last = text.lastIndex(where: { !isBlank($0) }) else { return [] }
        return text[first...last]
    }
}
