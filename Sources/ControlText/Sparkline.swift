// SPDX-License-Identifier: Apache-2.0

/// A row of small columns that shows how a number went: the newest at the right, the highest as high as a line.
package enum Sparkline {
    private static let blocks = Array("▁▂▃▄▅▆▇█")
    private static let marks = Array("_.:-=+*#")

    /// The last `width` values, `width` columns wide. What is zero is the lowest step; where there is no value yet it is
    /// blank. Nothing but zeros stays low.
    package static func text(
        _ values: some BidirectionalCollection<Int>, width: Int, _ glyphs: GlyphSet = .unicode
    ) -> String {
        let steps =
            switch glyphs {
            case .unicode: Self.blocks
            case .ascii: Self.marks
            }
        let width = max(0, width)
        let shown = values.suffix(width)
        let highest = max(shown.max() ?? 0, 1)
        var text = String(repeating: " ", count: width - shown.count)
        for value in shown {
            let share = Double(max(value, 0)) / Double(highest)
            let step = value <= 0 ? 0 : 1 + Int(share * Double(steps.count - 2))
            text.append(steps[min(step, steps.count - 1)])
        }
        return text
    }
}
