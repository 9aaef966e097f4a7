// SPDX-License-Identifier: Apache-2.0

/// Makes text that may come from anybody fit for a log: no line of it can pass for another, and none talks to the
/// terminal on which it is read.
enum LogText {
    /// The text with control characters written out: a line break as `\n`, an escape as `\u{1B}`.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: Self.isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where Self.isControl(scalar): result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The first bytes of the text, at most `limit`, cut between characters and marked with an ellipsis.
    static func prefix(of text: String, bytes limit: Int) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count > limit else { return bytes }
        let ellipsis = Array("\u{2026}".utf8)
        var end = max(0, limit - ellipsis.count)
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(bytes[..<end]) + ellipsis
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Line and paragraph separators, and marks that turn the direction of writing, deceive the eye as well.
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }
}
