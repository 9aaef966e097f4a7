// SPDX-License-Identifier: Apache-2.0

/// What a terminal is to show: as many lines as it has rows, none wider than it.
package struct WatchFrame: Hashable, Sendable {
    /// How a line stands out.
    package enum Style: Hashable, Sendable {
        case plain
        case bold
        /// The line that keys act on.
        case chosen
        /// Something is wrong.
        case alarm
    }

    /// One line.
    package struct Line: Hashable, Sendable {
        package var text: String
        package var style: Style
        /// The same with colours, where it has some.
        var painted: PaintedText?
    }

    /// The lines from the top.
    package private(set) var lines: [Line] = []
    private let width: Int

    init(width: Int) {
        self.width = width
    }

    mutating func add(_ text: String, _ style: Style = .plain) {
        self.lines.append(Line(text: Printable.fit(Printable.clean(text), to: self.width), style: style))
    }

    /// Adds a line of characters that are ours, with colours.
    mutating func add(_ painted: PaintedText) {
        let fitted = painted.fitted(to: self.width)
        self.lines.append(Line(text: fitted.text, style: .plain, painted: fitted))
    }

    /// Fills up, or cuts, to so many lines.
    mutating func fill(to count: Int) {
        while self.lines.count < count { self.add("") }
        self.lines.removeLast(self.lines.count - max(count, 0))
    }

    /// The lines as they are without any style, each with its end; what a test compares.
    package var text: String { self.lines.map { "\($0.text)\n" }.joined() }

    /// The bytes that draw it over what was there before (ECMA-48). Without `colours` nothing but bold and reverse is used.
    package func drawing(colours: Bool) -> String {
        var text = "\u{1B}[H"
        for (index, line) in self.lines.enumerated() {
            let start =
                switch line.style {
                case .plain: ""
                case .bold: "\u{1B}[1m"
                case .chosen: "\u{1B}[7m"
                case .alarm: colours ? "\u{1B}[31m" : "\u{1B}[1m"
                }
            // A chosen line is a bar over the whole width.
            let columns = Printable.columns(line.text)
            let body =
                line.style == .chosen
                ? line.text + String(repeating: " ", count: max(0, self.width - columns))
                : line.painted?.drawing(colours: colours) ?? line.text
            text += start + body + (start.isEmpty ? "" : "\u{1B}[0m") + "\u{1B}[K"
            if index < self.lines.count - 1 { text += "\r\n" }
        }
        return text
    }
}
