// SPDX-License-Identifier: Apache-2.0

/// Finds what a mistyped name was probably meant to be.
enum NearestName {
    /// The candidate that takes the fewest single-character edits, when that is few enough to be a slip.
    static func of(_ name: String, among candidates: [String]) -> String? {
        let limit = max(1, min(name.count, 24) / 3)
        let ranked = candidates.map { (name: $0, distance: self.distance(name, $0)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
        return best.name
    }

    /// Edits: a character more, one less, another one, or two neighbours swapped.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().unicodeScalars.prefix(64))
        let right = Array(right.lowercased().unicodeScalars.prefix(64))
        var before: [Int] = []
        var above = Array(0...right.count)
        for index in left.indices {
            var row = [index + 1]
            for column in right.indices {
                let change = above[column] + (left[index] == right[column] ? 0 : 1)
                var edits = min(change, row[column] + 1, above[column + 1] + 1)
                if index > 0, column > 0, left[index] == right[column - 1], left[index - 1] == right[column] {
                    edits = min(edits, before[column - 1] + 1)
                }
                row.append(edits)
            }
            before = above
            above = row
        }
        return above[right.count]
    }
}
