// SPDX-License-Identifier: Apache-2.0

/// A line of which parts have a colour where colours may be used.
package struct PaintedText: Hashable, Sendable {
    /// A foreground colour by its number in ECMA-48, 8.3.117.
    package enum Colour: Int, Sendable {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case magenta = 35
        case cyan = 36
    }

    private struct Part: Hashable {
        var text: String
        let colour: Colour?
    }

    private var parts: [Part] = []

    /// An empty line, or one without a colour.
    package init(_ text: String = "") {
        self.append(text)
    }

    /// Goes on with text of one colour.
    package mutating func append(_ text: String, _ colour: Colour? = nil) {
        guard !text.isEmpty else { return }
        if let last = self.parts.indices.last, self.parts[last].colour == colour {
            self.parts[last].text += text
        } else {
            self.parts.append(Part(text: text, colour: colour))
        }
    }

    /// Goes on with another line's text.
    package mutating func append(_ more: PaintedText) {
        for part in more.parts { self.append(part.text, part.colour) }
    }

    /// Whether there is no text.
    package var isEmpty: Bool { self.parts.isEmpty }

    /// The text without colours.
    package var text: String { self.parts.map(\.text).joined() }

    /// The text for a terminal: with colours, or as it is.
    package func drawing(colours: Bool) -> String {
        guard colours else { return self.text }
        return self.parts.map { part in
            part.colour.map { "\u{1B}[\($0.rawValue)m\(part.text)\u{1B}[0m" } ?? part.text
        }.joined()
    }

    /// Cut to `width` columns as plain text is, without its colours where it is too long.
    func fitted(to width: Int) -> PaintedText {
        Printable.columns(self.text) <= width ? self : PaintedText(Printable.fit(self.text, to: width))
    }
}
