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

    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().unicodeScalars.prefix(64))
        let right = Array(right.lowercased().unicodeScalars.prefix(64))
        var row = Array(0...right.count)
        for (index, scalar) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let change = diagonal + (scalar == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
