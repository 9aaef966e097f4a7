// SPDX-License-Identifier: Apache-2.0

/// How much a file matters to the user.
package enum FilePriority: String, CaseIterable, Comparable, Sendable {
    /// Not fetched, and not made beyond what its neighbours' pieces need.
    case skip
    /// After the others.
    case low
    /// What a file has unless told otherwise.
    case normal
    /// Before the others.
    case high

    /// The priority of pieces that belong to such a file: 0 not at all, 1 least, 7 most.
    package var piecePriority: UInt8 {
        switch self {
        case .skip: 0
        case .low: 2
        case .normal: 4
        case .high: 6
        }
    }

    package static func < (left: FilePriority, right: FilePriority) -> Bool { left.piecePriority < right.piecePriority }
}
