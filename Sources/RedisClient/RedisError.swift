// SPDX-License-Identifier: Apache-2.0

/// Why nothing came of talking to a Redis server. One line for an operator.
package struct RedisError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Takes the words as they are.
    package init(_ description: String) {
        self.description = description
    }
}
