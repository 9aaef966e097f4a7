// SPDX-License-Identifier: Apache-2.0

/// One command with its arguments.
package struct RedisCommand: Hashable, Sendable {
    /// Name and arguments.
    package var words: [[UInt8]]

    /// A command in words; `bytes`, if given, is its last argument.
    package init(_ words: String..., bytes: [UInt8]? = nil) {
        self.words = words.map { Array($0.utf8) }
        if let bytes { self.words.append(bytes) }
    }
}
