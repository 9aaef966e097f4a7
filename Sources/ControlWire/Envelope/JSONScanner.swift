// SPDX-License-Identifier: Apache-2.0

/// Walks over a JSON text and checks its grammar (RFC 8259); makes no values. Nesting is limited, so hostile text
/// cannot exhaust the stack.
struct JSONScanner {
    private let text: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) {
        self.text = text
    }

    /// Checks the whole text and gives its top level.
    mutating func outline() throws(JSONFault) -> JSONOutline {
        self.skipSpace()
        let outline: JSONOutline
        switch self.current {
        case UInt8(ascii: "{"):
            var members: [JSONOutline.Member] = []
            try self.object(depth: 1) { key, value in members.append(.init(key: key(), value: value)) }
            outline = .object(members)
        case UInt8(ascii: "["):
            var elements: [Range<Int>] = []
            try self.array(depth: 1) { elements.append($0) }
            outline = .array(elements)
        default:
            outline = .scalar(try self.value(depth: 1))
        }
        self.skipSpace()
        guard self.position == self.text.count else { throw self.fault("more text after the value") }
        return outline
    }

    private var current: UInt8? { self.position < self.text.count ? self.text[self.position] : nil }

    private func fault(_ reason: String) -> JSONFault { JSONFault(offset: self.position, reason: reason) }

    private mutating func skipSpace() {
        while let byte = self.current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            self.position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.current == byte else { return false }
        self.position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONFault) -> Range<Int> {
        let start = self.position
        switch self.current {
        case UInt8(ascii: "{"): try self.object(depth: depth) { _, _ in }
        case UInt8(ascii: "["): try self.array(depth: depth) { _ in }
        case UInt8(ascii: "\""): try self.string()
        case UInt8(ascii: "t"): try self.word("true")
        case UInt8(ascii: "f"): try self.word("false")
        case UInt8(ascii: "n"): try self.word("null")
        case .some(let byte) where byte == UInt8(ascii: "-") || Self.isDigit(byte): try self.number()
        case .some: throw self.fault("a value must begin here")
        case nil: throw self.fault("the text ends where a value must begin")
        }
        return start..<self.position
    }

    private mutating func object(
        depth: Int, each: (_ key: () -> String, _ value: Range<Int>) -> Void
    ) throws(JSONFault) {
        guard depth <= ControlProtocol.maximumDepth else { throw self.fault("nested too deeply") }
        self.position += 1
        self.skipSpace()
        if self.take(UInt8(ascii: "}")) { return }
        while true {
            self.skipSpace()
            guard self.current == UInt8(ascii: "\"") else { throw self.fault("a key in quotes must stand here") }
            let start = self.position
            try self.string()
            let key = start..<self.position
            self.skipSpace()
            guard self.take(UInt8(ascii: ":")) else { throw self.fault("a colon must stand here") }
            self.skipSpace()
            let value = try self.value(depth: depth + 1)
            let text = self.text
            each({ JSONCoding.string(text[key]) }, value)
            self.skipSpace()
            if self.take(UInt8(ascii: "}")) { return }
            guard self.take(UInt8(ascii: ",")) else { throw self.fault("a comma or } must stand here") }
        }
    }

    private mutating func array(depth: Int, each: (Range<Int>) -> Void) throws(JSONFault) {
        guard depth <= ControlProtocol.maximumDepth else { throw self.fault("nested too deeply") }
        self.position += 1
        self.skipSpace()
        if self.take(UInt8(ascii: "]")) { return }
        while true {
            self.skipSpace()
            each(try self.value(depth: depth + 1))
            self.skipSpace()
            if self.take(UInt8(ascii: "]")) { return }
            guard self.take(UInt8(ascii: ",")) else { throw self.fault("a comma or ] must stand here") }
        }
    }

    private mutating func string() throws(JSONFault) {
        self.position += 1
        while let byte = self.current {
            switch byte {
            case UInt8(ascii: "\""):
                self.position += 1
                return
            case UInt8(ascii: "\\"): try self.escape()
            case 0..<0x20: throw self.fault("a control character must be escaped")
            default: self.position += 1
            }
        }
        throw self.fault("the text ends inside a string")
    }

    private mutating func escape() throws(JSONFault) {
        self.position += 1
        guard let byte = self.current else { throw self.fault("the text ends inside a string") }
        self.position += 1
        switch byte {
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard let digit = self.current, Self.isHexadecimal(digit) else {
                    throw self.fault("four hexadecimal digits must follow \\u")
                }
                self.position += 1
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        default: throw self.fault("no such escape")
        }
    }

    private mutating func number() throws(JSONFault) {
        _ = self.take(UInt8(ascii: "-"))
        if !self.take(UInt8(ascii: "0")) { try self.digits() }
        if self.take(UInt8(ascii: ".")) { try self.digits() }
        if self.take(UInt8(ascii: "e")) || self.take(UInt8(ascii: "E")) {
            _ = self.take(UInt8(ascii: "+")) || self.take(UInt8(ascii: "-"))
            try self.digits()
        }
    }

    private mutating func digits() throws(JSONFault) {
        let start = self.position
        while let byte = self.current, Self.isDigit(byte) { self.position += 1 }
        guard self.position > start else { throw self.fault("a digit must stand here") }
    }

    private mutating func word(_ word: StaticString) throws(JSONFault) {
        let start = self.position
        let matches = word.withUTF8Buffer { expected in
            self.text[start...].starts(with: expected)
        }
        guard matches else { throw self.fault("no such word") }
        self.position += word.utf8CodeUnitCount
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        Self.isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
