// SPDX-License-Identifier: Apache-2.0

import ControlText
import Glibc

/// Shows how far something is: one line that is drawn over on a terminal, and a plain line every few seconds elsewhere.
struct ProgressPrinter {
    /// Between two looks at the daemon.
    static let interval: useconds_t = 200_000
    private static let plainInterval = Duration.seconds(5)

    private let descriptor: Int32
    private var lastPlain: ContinuousClock.Instant?
    private var isDrawn = false

    /// With `--json` standard output belongs to the answer, and progress goes to standard error.
    init(json: Bool) {
        self.descriptor = json ? STDERR_FILENO : STDOUT_FILENO
    }

    /// Shows the line, if it is time to.
    mutating func show(_ line: ProgressLine) {
        if let width = Terminal.width(of: self.descriptor) {
            Output.write(Array("\r\u{1B}[K\(line.bar(width: width))".utf8), to: self.descriptor)
            self.isDrawn = true
            return
        }
        let now = ContinuousClock.now
        if let last = self.lastPlain, now - last < Self.plainInterval { return }
        self.lastPlain = now
        Output.write(Array((line.plain + "\n").utf8), to: self.descriptor)
    }

    /// Draws the last state over a line that is there; what follows tells the rest.
    mutating func end(_ line: ProgressLine?) {
        if self.isDrawn, let line { self.show(line) }
    }

    /// Ends the line that was drawn over, so that other text can follow.
    mutating func finish() {
        if self.isDrawn { Output.write(Array("\n".utf8), to: self.descriptor) }
        self.isDrawn = false
    }
}
