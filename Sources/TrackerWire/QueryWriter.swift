// SPDX-License-Identifier: Apache-2.0

/// Writes `name=value&…` with every byte outside RFC 3986's unreserved set as `%XX`.
struct QueryWriter {
    private(set) var text = ""

    mutating func append(_ name: StaticString, _ value: String) {
        self.append(name, bytes: Array(value.utf8))
    }

    mutating func append(_ name: StaticString, bytes: [UInt8]) {
        if !self.text.isEmpty { self.text.append("&") }
        self.text += name.description
        self.text.append("=")
        for byte in bytes {
            if Self.isUnreserved(byte) {
                self.text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                self.text.append("%")
                self.text.unicodeScalars.append(Self.digit(byte >> 4))
                self.text.unicodeScalars.append(Self.digit(byte & 15))
            }
        }
    }

    /// Appends `query` to `base`, whose fragment is dropped and whose own query, if any, is kept.
    static func join(base: String, query: String) -> String {
        let url = base.prefix { $0 != "#" }
        guard url.contains("?") else { return url + "?" + query }
        return url.hasSuffix("?") || url.hasSuffix("&") ? url + query : url + "&" + query
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func digit(_ nibble: UInt8) -> Unicode.Scalar {
        Unicode.Scalar(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10)
    }
}
