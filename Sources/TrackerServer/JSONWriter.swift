// SPDX-License-Identifier: Apache-2.0

/// Writes the few flat JSON objects that the tracker answers with.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        self.container("{", "}", body)
    }

    mutating func list(_ body: (inout JSONWriter) -> Void) {
        self.container("[", "]", body)
    }

    mutating func field(_ name: StaticString, _ value: String) {
        self.name(name)
        self.write(value)
        self.needsComma = true
    }

    mutating func field(_ name: StaticString, _ value: Int) {
        self.name(name)
        self.bytes.append(contentsOf: String(value).utf8)
        self.needsComma = true
    }

    /// A number with three digits behind its point; it must be finite.
    mutating func field(_ name: StaticString, _ value: Double) {
        self.name(name)
        let thousandths = Int((value * 1000).rounded())
        let rest = String(abs(thousandths % 1000))
        let text = "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
        self.bytes.append(contentsOf: text.utf8)
        self.needsComma = true
    }

    /// An element of a list.
    mutating func element(_ value: Int) {
        self.separate()
        self.bytes.append(contentsOf: String(value).utf8)
        self.needsComma = true
    }

    /// An element of a list.
    mutating func element(_ value: String) {
        self.separate()
        self.write(value)
        self.needsComma = true
    }

    mutating func field(_ name: StaticString, _ value: Bool) {
        self.name(name)
        self.bytes.append(contentsOf: (value ? "true" : "false").utf8)
        self.needsComma = true
    }

    /// The value is what `body` writes.
    mutating func field(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        self.needsComma = false
        body(&self)
        self.needsComma = true
    }

    private mutating func name(_ name: StaticString) {
        self.separate()
        self.write(name.description)
        self.bytes.append(UInt8(ascii: ":"))
    }

    private mutating func container(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void)
    {
        self.separate()
        self.bytes.append(UInt8(ascii: open))
        self.needsComma = false
        body(&self)
        self.bytes.append(UInt8(ascii: close))
        self.needsComma = true
    }

    private mutating func separate() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.needsComma = false
    }

    private mutating func write(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                self.bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            default: self.bytes.append(byte)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }
}
