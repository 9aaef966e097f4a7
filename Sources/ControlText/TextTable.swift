// SPDX-License-Identifier: Apache-2.0

/// Rows under aligned headings. No colours, no lines: it is read by people and by `awk` alike.
package struct TextTable: Sendable {
    /// One column.
    package struct Column: Sendable {
        /// What stands over it.
        package let title: String
        /// Numbers stand at the right.
        package let isNumber: Bool
        /// Whether it gives way when the table is wider than the terminal.
        package let isFlexible: Bool

        /// A column of words.
        package static func text(_ title: String) -> Column {
            Column(title: title, isNumber: false, isFlexible: false)
        }

        /// A column of words that may be cut to fit.
        package static func flexible(_ title: String) -> Column {
            Column(title: title, isNumber: false, isFlexible: true)
        }

        /// A column of numbers.
        package static func number(_ title: String) -> Column {
            Column(title: title, isNumber: true, isFlexible: false)
        }
    }

    private static let gap = 2
    private static let narrowest = 8

    private let columns: [Column]
    private var rows: [[String]] = []

    /// Starts without rows.
    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row with a cell for each column; the cells are made safe for a terminal.
    package mutating func append(_ cells: [String]) {
        self.rows.append(cells.map(Printable.clean))
    }

    /// The lines, headings first, each with its end; at most `width` columns where flexible columns can give way
    /// enough, and as wide as needed when `width` is nil.
    package func text(width: Int? = nil) -> String {
        let widths = self.widths(within: width)
        var text = self.line(self.columns.map(\.title), widths)
        for row in self.rows { text += self.line(row, widths) }
        return text
    }

    private func widths(within limit: Int?) -> [Int] {
        var widths = self.columns.map { Printable.columns($0.title) }
        for row in self.rows {
            for (index, cell) in row.prefix(widths.count).enumerated() {
                widths[index] = max(widths[index], Printable.columns(cell))
            }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - limit
        let flexible = widths.indices.filter { self.columns[$0].isFlexible }.sorted { widths[$0] > widths[$1] }
        for index in flexible where excess > 0 {
            let given = min(excess, max(0, widths[index] - Self.narrowest))
            widths[index] -= given
            excess -= given
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, width) in widths.enumerated() {
            let cell = Printable.fit(index < cells.count ? cells[index] : "", to: width)
            let padding = String(repeating: " ", count: max(0, width - Printable.columns(cell)))
            if index > 0 { line += String(repeating: " ", count: Self.gap) }
            line += self.columns[index].isNumber ? padding + cell : cell + padding
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
