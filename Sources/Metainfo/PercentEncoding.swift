// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Percent-encoding of URLs (RFC 3986).
enum PercentEncoding {
    /// The bytes that `text` spells; nil when a `%` is not followed by two hexadecimal digits.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let input = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var index = 0
        while index < input.count {
            guard input[index] == UInt8(ascii: "%") else {
                output.append(input[index])
                index += 1
                continue
            }
            guard index + 2 < input.count,
                let byte = Hexadecimal.decode(String(decoding: input[index + 1...index + 2], as: UTF8.self))
            else { return nil }
            output += byte
            index += 3
        }
        return output
    }

    /// `text` with everything but unreserved characters encoded, for a value in a query.
    static func encode(_ text: String) -> String {
        self.encode(text) { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                true
            default: false
            }
        }
    }

    /// `text` with only what no URL may contain encoded: spaces, controls, quotes, brackets of any kind but `[]`, and
    /// bytes above ASCII.
    static func encodeIllegal(_ text: String) -> String {
        self.encode(text) { $0 > 0x20 && $0 < 0x7f && !"\"<>\\^`{|}".utf8.contains($0) }
    }

    private static func encode(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
        var result = ""
        for byte in text.utf8 {
            if isKept(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%" + Hexadecimal.encode(CollectionOfOne(byte)).uppercased()
            }
        }
        return result
    }
}
