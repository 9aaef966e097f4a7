// SPDX-License-Identifier: Apache-2.0

/// What a terminal shows after some output: as much of ECMA-48 as swarmctl uses. Anything else is noted as unknown.
struct TerminalScreen {
    private(set) var lines: [[Character]]
    private(set) var isOther = false
    private(set) var hasCursor = true
    private(set) var unknown: [String] = []
    private let columns: Int
    private var row = 0
    private var column = 0
    private var held: [UInt8] = []

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.lines = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// The lines without the blanks behind them.
    var text: [String] {
        self.lines.map { line in
            var text = String(line)
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    func contains(_ text: String) -> Bool { self.text.contains { $0.contains(text) } }

    mutating func receive(_ bytes: some Sequence<UInt8>) {
        self.held += bytes
        // A character or a sequence may be cut in two.
        while let first = self.held.first {
            if first == 0x1B {
                guard self.held.count > 2 else { return }
                guard let end = self.held.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return }
                self.sequence(String(decoding: self.held[1...end], as: UTF8.self))
                self.held.removeFirst(end + 1)
            } else {
                let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
                guard self.held.count >= length else { return }
                self.put(String(decoding: self.held.prefix(length), as: UTF8.self))
                self.held.removeFirst(length)
            }
        }
    }

    private mutating func sequence(_ text: String) {
        switch text {
        case "[H": (self.row, self.column) = (0, 0)
        case "[K": for place in self.column..<max(self.column, self.columns) { self.lines[self.row][place] = " " }
        case "[2J": self.lines = self.lines.map { _ in Array(repeating: " ", count: self.columns) }
        case "[?1049h": self.isOther = true
        case "[?1049l": self.isOther = false
        case "[?25l": self.hasCursor = false
        case "[?25h": self.hasCursor = true
        case "[0m", "[1m", "[7m", "[31m", "[32m", "[33m", "[34m", "[35m", "[36m": break
        default: self.unknown.append(text)
        }
    }

    private mutating func put(_ text: String) {
        for character in text {
            switch character {
            case "\r\n", "\n":
                if character == "\r\n" { self.column = 0 }
                if self.row < self.lines.count - 1 {
                    self.row += 1
                } else {
                    self.lines.removeFirst()
                    self.lines.append(Array(repeating: " ", count: self.columns))
                }
            case "\r": self.column = 0
            default:
                if self.column < self.columns { self.lines[self.row][self.column] = character }
                self.column = min(self.column + 1, self.columns)
            }
        }
    }
}
