// SPDX-License-Identifier: Apache-2.0

/// Reads one value from the start of its input into nodes. Containers are tracked in the nodes themselves: no recursion,
/// no stack, one growing array.
struct BencodeParser {
    private let bytes: [UInt8]
    private let limits: BencodeLimits
    private(set) var nodes: [BencodeNode] = []
    private(set) var position = 0
    private var open = BencodeNode.none
    private var depth = 0
    private var keyAwaitsValue = false

    init(_ bytes: [UInt8], limits: BencodeLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Reads exactly one value; `position` is then the offset after it.
    mutating func run() throws(BencodeError) {
        guard self.bytes.count <= self.limits.bytes else {
            throw BencodeError(.tooLarge(limit: self.limits.bytes), at: self.limits.bytes)
        }
        self.nodes.reserveCapacity(min(self.bytes.count / 6 + 2, 1024))
        repeat { try self.step() } while self.open != BencodeNode.none
    }

    private mutating func step() throws(BencodeError) {
        let byte = try self.current()
        guard self.open != BencodeNode.none else { return try self.value(byte) }
        let inDictionary = self.nodes[Int(self.open)].kind == .dictionary
        if inDictionary, self.keyAwaitsValue {
            self.keyAwaitsValue = false
            try self.value(byte)
        } else if byte == UInt8(ascii: "e") {
            self.close()
        } else if inDictionary {
            try self.key(byte)
        } else {
            try self.value(byte)
        }
    }

    private func current() throws(BencodeError) -> UInt8 {
        guard self.position < self.bytes.count else { throw BencodeError(.endOfInput, at: self.bytes.count) }
        return self.bytes[self.position]
    }

    private mutating func value(_ byte: UInt8) throws(BencodeError) {
        switch byte {
        case UInt8(ascii: "i"): try self.integer()
        case UInt8(ascii: "l"): try self.begin(.list)
        case UInt8(ascii: "d"): try self.begin(.dictionary)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): try self.string()
        default: throw BencodeError(.expectedValue(found: byte), at: self.position)
        }
    }

    private mutating func begin(_ kind: BencodeNode.Kind) throws(BencodeError) {
        guard self.depth < self.limits.depth else {
            throw BencodeError(.tooDeep(limit: self.limits.depth), at: self.position)
        }
        let index = UInt32(self.nodes.count)
        try self.append(
            BencodeNode(start: UInt32(self.position), end: BencodeNode.none, next: self.open, kind: kind))
        self.open = index
        self.depth += 1
        self.position += 1
    }

    private mutating func close() {
        self.position += 1
        self.depth -= 1
        let index = Int(self.open)
        self.open = self.nodes[index].next
        self.nodes[index].end = UInt32(self.position)
        self.nodes[index].next = UInt32(self.nodes.count)
        if !self.nodes[index].isCanonical { self.markOpenNoncanonical() }
    }

    private mutating func key(_ byte: UInt8) throws(BencodeError) {
        guard Self.isDigit(byte) else { throw BencodeError(.expectedKey(found: byte), at: self.position) }
        let index = UInt32(self.nodes.count)
        try self.string()
        let previous = self.nodes[Int(self.open)].end
        if previous != BencodeNode.none, !self.precedes(Int(previous), Int(index)) { self.markOpenNoncanonical() }
        self.nodes[Int(self.open)].end = index
        self.keyAwaitsValue = true
    }

    private mutating func integer() throws(BencodeError) {
        let start = self.position
        self.position += 1
        let isNegative = try self.current() == UInt8(ascii: "-")
        if isNegative { self.position += 1 }
        let digits = self.position
        var value: Int64 = 0
        while true {
            let byte = try self.current()
            guard Self.isDigit(byte) else { break }
            let digit = Int64(byte - UInt8(ascii: "0"))
            value = try self.append(isNegative ? -digit : digit, to: value, since: digits)
        }
        guard self.position > digits else {
            throw BencodeError(.expectedDigit(found: try self.current()), at: self.position)
        }
        let end = try self.current()
        guard end == UInt8(ascii: "e") else {
            throw BencodeError(.expectedEndOfInteger(found: end), at: self.position)
        }
        let leadingZero = self.bytes[digits] == UInt8(ascii: "0")
        let isCanonical = !leadingZero || (self.position - digits == 1 && !isNegative)
        self.position += 1
        try self.append(.integer, from: start, header: 0, isCanonical: isCanonical)
    }

    private mutating func string() throws(BencodeError) {
        let start = self.position
        var length: Int64 = 0
        while true {
            let byte = try self.current()
            guard Self.isDigit(byte) else { break }
            length = try self.append(Int64(byte - UInt8(ascii: "0")), to: length, since: start)
        }
        let colon = try self.current()
        guard colon == UInt8(ascii: ":") else { throw BencodeError(.expectedColon(found: colon), at: self.position) }
        let digits = self.position - start
        self.position += 1
        guard length <= Int64(self.bytes.count - self.position) else {
            throw BencodeError(.stringPastEnd(length: Int(length)), at: start)
        }
        self.position += Int(length)
        let isCanonical = digits == 1 || self.bytes[start] != UInt8(ascii: "0")
        try self.append(.bytes, from: start, header: UInt8(digits + 1), isCanonical: isCanonical)
    }

    /// `value` with one more digit, which carries the sign; steps over it.
    private mutating func append(
        _ digit: Int64, to value: Int64, since start: Int
    ) throws(BencodeError) -> Int64 {
        guard self.position - start < BencodeLimits.digits else { throw BencodeError(.numberTooLong, at: start) }
        let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflowToo) = tenfold.addingReportingOverflow(digit)
        guard !overflow, !overflowToo else { throw BencodeError(.integerOverflow, at: start) }
        self.position += 1
        return sum
    }

    private mutating func append(
        _ kind: BencodeNode.Kind, from start: Int, header: UInt8, isCanonical: Bool
    ) throws(BencodeError) {
        try self.append(
            BencodeNode(
                start: UInt32(start), end: UInt32(self.position), next: UInt32(self.nodes.count + 1), header: header,
                kind: kind, isCanonical: isCanonical))
        if !isCanonical { self.markOpenNoncanonical() }
    }

    private mutating func append(_ node: BencodeNode) throws(BencodeError) {
        guard self.nodes.count < self.limits.values else {
            throw BencodeError(.tooManyValues(limit: self.limits.values), at: Int(node.start))
        }
        self.nodes.append(node)
    }

    private mutating func markOpenNoncanonical() {
        if self.open != BencodeNode.none { self.nodes[Int(self.open)].isCanonical = false }
    }

    /// Whether key `left` sorts strictly before key `right`.
    private func precedes(_ left: Int, _ right: Int) -> Bool {
        self.content(left).lexicographicallyPrecedes(self.content(right))
    }

    private func content(_ index: Int) -> ArraySlice<UInt8> {
        let node = self.nodes[index]
        return self.bytes[Int(node.start) + Int(node.header)..<Int(node.end)]
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
