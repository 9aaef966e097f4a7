// SPDX-License-Identifier: Apache-2.0

/// Text from outside (torrent names, tracker messages, client names) made safe for a terminal.
package enum Printable {
    /// `text` with everything that could steer a terminal or turn the line around replaced by U+FFFD.
    package static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: Self.isHarmful) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            clean.append(Self.isHarmful(scalar) ? "\u{FFFD}" : scalar)
        }
        return String(clean)
    }

    /// `text` cut to `width` columns, with an ellipsis when something was cut.
    package static func fit(_ text: String, to width: Int) -> String {
        guard Self.columns(text) > width else { return text }
        guard width > 0 else { return "" }
        var fitted = ""
        var used = 1
        for character in text {
            used += Self.columns(of: character)
            guard used <= width else { break }
            fitted.append(character)
        }
        return fitted + "\u{2026}"
    }

    /// How many columns `text` takes on a terminal.
    package static func columns(_ text: String) -> Int {
        var text = text
        let length = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } ? bytes.count : nil }
        return length ?? text.reduce(0) { $0 + Self.columns(of: $1) }
    }

    private static func columns(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default:
            return 1
        }
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
