// SPDX-License-Identifier: Apache-2.0

/// Whether blocks are sent compressed to peers that can read them so.
package enum CompressionMode: String, Hashable, Sendable, BitwiseCopyable, CaseIterable {
    /// While it pays.
    case auto
    /// Whenever a block shrinks.
    case always
    /// Not at all, and nobody is told that compressed blocks could be read here.
    case never
}
