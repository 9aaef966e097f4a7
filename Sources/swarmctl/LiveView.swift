// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Text that is drawn again and again: over itself on a terminal, one after another elsewhere.
struct LiveView {
    /// Between two looks at the daemon.
    private static let pause: useconds_t = 1_000_000
    private static let home = "\u{1B}[H"
    private static let clearScreen = "\u{1B}[H\u{1B}[2J"
    private static let clearLine = "\u{1B}[K"
    private static let clearBelow = "\u{1B}[J"

    private let isTerminal = Terminal.width() != nil
    private var isFirst = true

    /// Shows what `look` gives, once a second, until it throws or the program is interrupted.
    mutating func run(_ look: () throws(Failure) -> String) throws(Failure) -> Never {
        while true {
            self.draw(try look())
            usleep(Self.pause)
        }
    }

    private mutating func draw(_ text: String) {
        defer { self.isFirst = false }
        guard self.isTerminal else { return Output.write((self.isFirst ? "" : "\n") + text) }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        // The last row stays empty, so that nothing scrolls.
        let rows = max(1, Terminal.height - 1)
        if lines.count > rows {
            let hidden = lines.count - rows + 1
            lines.removeLast(hidden)
            lines.append("… \(hidden) more")
        }
        let body = lines.map { "\($0)\(Self.clearLine)\n" }.joined()
        Output.write("\(self.isFirst ? Self.clearScreen : Self.home)\(body)\(Self.clearBelow)")
    }
}
