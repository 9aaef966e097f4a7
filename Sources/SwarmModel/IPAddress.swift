// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address as a value. An IPv4-mapped IPv6 address (`::ffff:1.2.3.4`) becomes the IPv4 one, so that one
/// host has one name.
package struct IPAddress: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The upper eight bytes of an IPv6 address, host order; 0 for IPv4.
    package let high: UInt64
    /// The lower eight bytes of an IPv6 address, or the four of an IPv4 one, host order.
    package let low: UInt64
    /// Whether it is an IPv6 address.
    package let isV6: Bool

    private init(high: UInt64, low: UInt64, isV6: Bool) {
        let mapped = isV6 && high == 0 && low >> 32 == 0xffff
        self.high = high
        self.low = mapped ? low & 0xffff_ffff : low
        self.isV6 = isV6 && !mapped
    }

    /// An IPv4 address from its 32-bit number in host order.
    package init(v4 number: UInt32) {
        self.init(high: 0, low: UInt64(number), isV6: false)
    }

    /// An IPv6 address from its upper and lower eight bytes in host order.
    package init(v6 halves: (high: UInt64, low: UInt64)) {
        self.init(high: halves.high, low: halves.low, isV6: true)
    }

    /// Takes 4 or 16 bytes in network order; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self.init(high: 0, low: bytes.reduce(0) { $0 << 8 | UInt64($1) }, isV6: false)
        case 16:
            let high = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let low = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            self.init(high: high, low: low, isV6: true)
        default: return nil
        }
    }

    /// Reads dotted quads (`192.0.2.1`) and RFC 4291 text (`2001:db8::1`, `::ffff:192.0.2.1`), without zone or brackets.
    package init?(_ text: some StringProtocol) {
        if text.contains(":") {
            guard let groups = Self.groups(of: text) else { return nil }
            self.init(bytes: groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
        } else {
            guard let quad = Self.quad(text) else { return nil }
            self.init(bytes: quad)
        }
    }

    /// 4 or 16 bytes in network order.
    package var bytes: [UInt8] {
        let low = (0..<8).map { UInt8(truncatingIfNeeded: self.low >> UInt64(56 - 8 * $0)) }
        guard self.isV6 else { return Array(low.suffix(4)) }
        return (0..<8).map { UInt8(truncatingIfNeeded: self.high >> UInt64(56 - 8 * $0)) } + low
    }

    /// The unspecified address (`0.0.0.0`, `::`).
    package var isUnspecified: Bool { self.high == 0 && self.low == 0 }
    /// Multicast (`224.0.0.0/4`, `ff00::/8`) or, of IPv4, reserved for later.
    package var isMulticast: Bool { self.isV6 ? self.high >> 56 == 0xFF : self.low >> 28 >= 14 }
    /// Loopback (`127.0.0.0/8`, `::1`).
    package var isLoopback: Bool { self.isV6 ? self.high == 0 && self.low == 1 : self.low >> 24 == 127 }

    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        (left.isV6 ? 1 : 0, left.high, left.low) < (right.isV6 ? 1 : 0, right.high, right.low)
    }

    /// Canonical text (RFC 5952 for IPv6).
    package var description: String {
        let bytes = self.bytes
        guard self.isV6 else { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        guard let run = Self.longestZeroRun(groups) else { return Self.hex(groups[...]) }
        return Self.hex(groups[..<run.lowerBound]) + "::" + Self.hex(groups[run.upperBound...])
    }

    private static func hex(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            guard groups[start] == 0 else {
                start += 1
                continue
            }
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(1, best?.count ?? 0) { best = start..<end }
            start = end
        }
        return best
    }

    private static func quad(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.utf8.count <= 3, part.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let byte = UInt8(part) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }

    private static func groups(of text: some StringProtocol) -> [UInt16]? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = Self.half(halves[0], isEnd: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return head.count == 8 ? head : nil }
        guard let tail = Self.half(halves[1], isEnd: true), head.count + tail.count < 8 else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    /// The groups of one side of a `::`; dotted quads may stand at the very end only.
    private static func half(_ text: some StringProtocol, isEnd: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if isEnd, index == parts.count - 1, part.contains(".") {
                guard let quad = Self.quad(part) else { return nil }
                groups += [UInt16(quad[0]) << 8 | UInt16(quad[1]), UInt16(quad[2]) << 8 | UInt16(quad[3])]
            } else {
                guard part.utf8.count <= 4, part.first?.isHexDigit == true, let group = UInt16(part, radix: 16) else {
                    return nil
                }
                groups.append(group)
            }
        }
        return groups
    }
}
