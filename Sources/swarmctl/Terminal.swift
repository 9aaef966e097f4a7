// SPDX-License-Identifier: Apache-2.0

import ControlText
import Glibc

/// What standard output or standard error is connected to.
enum Terminal {
    private static let usualWidth = 80

    private static let usualHeight = 24

    /// What the locale lets drawings be made of.
    static var glyphs: GlyphSet {
        GlyphSet(
            everything: Self.variable("LC_ALL"), characterType: Self.variable("LC_CTYPE"),
            language: Self.variable("LANG"))
    }

    /// Whether colours may be used on standard output: it is a terminal that has some, and NO_COLOR does not forbid them.
    static var hasColours: Bool {
        isatty(STDOUT_FILENO) == 1 && Self.variable("TERM") != "dumb" && (Self.variable("NO_COLOR") ?? "").isEmpty
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Rows of the terminal at standard output.
    static var height: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return Self.usualHeight }
        return Int(size.ws_row)
    }

    /// Columns of the terminal at `descriptor`; nil when there is none.
    static func width(of descriptor: Int32 = STDOUT_FILENO) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return Self.usualWidth }
        return Int(size.ws_col)
    }
}
