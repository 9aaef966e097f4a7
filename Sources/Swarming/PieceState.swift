// SPDX-License-Identifier: Apache-2.0

/// What a picker is told about a piece. Only `wanted` pieces may be picked. Raw values are those of the plugin ABI.
package enum PieceState: UInt8, Sendable, BitwiseCopyable {
    /// Missing and not being fetched.
    case wanted = 0
    /// Being fetched or hashed.
    case inFlight = 1
    /// Verified.
    case have = 2
    /// Missing, and nobody asked for it.
    case unwanted = 3
}
