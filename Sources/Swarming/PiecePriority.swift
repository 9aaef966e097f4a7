// SPDX-License-Identifier: Apache-2.0

/// How much a piece matters to the user: 0 not at all, 1 least, 7 most. The plugin ABI uses the same numbers.
package struct PiecePriority: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// 0 to 7.
    package let rawValue: UInt8

    /// Takes 0 to 7; larger numbers become 7.
    package init(_ rawValue: UInt8) {
        self.rawValue = min(rawValue, 7)
    }

    /// Not to be fetched.
    package static let unwanted = PiecePriority(0)
    /// What a piece has unless told otherwise.
    package static let normal = PiecePriority(4)
    /// Before everything else.
    package static let highest = PiecePriority(7)

    package static func < (left: PiecePriority, right: PiecePriority) -> Bool { left.rawValue < right.rawValue }
}
