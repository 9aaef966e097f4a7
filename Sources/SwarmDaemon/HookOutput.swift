// SPDX-License-Identifier: Apache-2.0

/// What a command prints, cut into lines that are fit for the journal, as a value: of one that prints without end only the
/// beginning is kept.
struct HookOutput: Sendable {
    /// The most lines of one run.
    static let mostLines = 50
    /// The most bytes of one line; what is longer is cut.
    static let longestLine = 512

    private var partial: [UInt8] = []
    private var isCut = false
    private var count = 0
    /// Lines that were left out.
    private(set) var omitted = 0

    /// Takes in bytes and gives the lines that are whole.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if let line = self.endLine() { lines.append(line) }
            } else if self.partial.count < Self.longestLine {
                self.partial.append(byte)
            } else {
                self.isCut = true
            }
        }
        return lines
    }

    /// The last line, when it has no end of its own, and how many were left out.
    mutating func finish() -> [String] {
        var lines = self.partial.isEmpty ? [] : [self.endLine()].compactMap { $0 }
        if self.omitted > 0 { lines.append("(and \(self.omitted) more lines)") }
        return lines
    }

    private mutating func endLine() -> String? {
        defer {
            self.partial = []
            self.isCut = false
        }
        guard !self.partial.isEmpty else { return nil }
        guard self.count < Self.mostLines else {
            self.omitted += 1
            return nil
        }
        self.count += 1
        return String(decoding: self.partial, as: UTF8.self) + (self.isCut ? "\u{2026}" : "")
    }
}
