// SPDX-License-Identifier: Apache-2.0

/// Sentences broken into lines that fit a terminal.
package enum Paragraph {
    /// What goes on in the next line stands so far to the right.
    private static let indent = "    "

    /// `text` with each line that has more than `width` columns broken between words. What is in backquotes is for
    /// copying and stays together; so does a line that begins with a blank, being part of a list.
    package static func wrap(_ text: String, width: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(" ") ? String($0) : Self.broken(String($0), width) }
            .joined(separator: "\n")
    }

    private static func broken(_ line: String, _ width: Int) -> String {
        guard Printable.columns(line) > width else { return line }
        var text = ""
        var used = 0
        for word in Self.words(line) {
            let columns = Printable.columns(word)
            if text.isEmpty {
                text = word
                used = columns
            } else if used + 1 + columns <= width {
                text += " " + word
                used += 1 + columns
            } else {
                text += "\n" + Self.indent + word
                used = Self.indent.count + columns
            }
        }
        return text
    }

    /// The parts between blanks that are not within backquotes.
    private static func words(_ line: String) -> [String] {
        var words = [""]
        var isQuoted = false
        for character in line {
            if character == "`" { isQuoted.toggle() }
            if character == " ", !isQuoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words
    }
}
