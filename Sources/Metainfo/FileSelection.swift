// SPDX-License-Identifier: Apache-2.0

/// The file indices of a magnet link's `so` (BEP 53): `0,2,4-6`. Parts that are not well-formed or beyond the greatest
/// number of files are left out.
struct FileSelection {
    private var ranges: [ClosedRange<Int>] = []

    /// Takes one value of `so`.
    mutating func add(_ text: String) {
        for part in text.split(separator: ",") {
            let bounds = part.split(separator: "-", omittingEmptySubsequences: false)
            let numbers = bounds.compactMap { Self.index($0) }
            guard numbers.count == bounds.count, let first = numbers.first, let last = numbers.last,
                numbers.count <= 2, first <= last
            else { continue }
            self.ranges.append(first...last)
        }
    }

    /// All indices, rising, each once.
    var indices: [Int] {
        var indices: [Int] = []
        var next = 0
        for range in self.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound >= next {
            indices += max(next, range.lowerBound)...range.upperBound
            next = range.upperBound + 1
        }
        return indices
    }

    /// `0,2,4-6` for 0, 2, 4, 5, 6.
    static func text(_ indices: [Int]) -> String {
        var parts: [String] = []
        var start = 0
        while start < indices.count {
            var end = start
            while end + 1 < indices.count, indices[end + 1] == indices[end] + 1 { end += 1 }
            parts.append(start == end ? "\(indices[start])" : "\(indices[start])-\(indices[end])")
            start = end + 1
        }
        return parts.joined(separator: ",")
    }

    private static func index(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let index = Int(text) else { return nil }
        return index < MetainfoLimits.files ? index : nil
    }
}
