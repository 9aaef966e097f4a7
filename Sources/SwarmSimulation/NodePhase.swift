// SPDX-License-Identifier: Apache-2.0

/// What a node is doing.
enum NodePhase: UInt8, BitwiseCopyable {
    case waiting
    case downloading
    /// Its disk has failed; nothing is asked for until that is mended.
    case suspended
    case seeding
    case gone
}
