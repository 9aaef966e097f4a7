// SPDX-License-Identifier: Apache-2.0

/// Finds what a misspelt word was meant to be: a key of a configuration, a command, a torrent, a word of a closed set.
package enum NearestName {
    /// The longest word that is looked at, in characters.
    package static let longest = 64

    /// The fewest characters that are taken for the beginning of a word.
    private static let fewest = 3

    /// The only word of `known` that begins with `word`; otherwise the one that is fewest edits away from it, if that is few
    /// enough to be a slip of the hand.
    package static func nearest(to word: String, among known: [String]) -> String? {
        guard word.count <= Self.longest else { return nil }
        if word.count >= Self.fewest {
            let begun = known.filter { $0.lowercased().hasPrefix(word.lowercased()) }
            if begun.count == 1 { return begun[0] }
        }
        let limit = max(1, min(3, (word.count + 1) / 3))
        var best: (name: String, distance: Int)?
        for name in known {
            let distance = Self.distance(Array(word.lowercased().utf8), Array(name.lowercased().utf8))
            if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// Edits (insert, delete, replace, swap of neighbours) between two words.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in 0..<left.count {
            var next = [row + 1]
            for column in 0..<right.count {
                let same = left[row] == right[column]
                var cost = min(previous[column] + (same ? 0 : 1), previous[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, before[column - 1] + 1)
                }
                next.append(cost)
            }
            before = previous
            previous = next
        }
        return previous[right.count]
    }
}
