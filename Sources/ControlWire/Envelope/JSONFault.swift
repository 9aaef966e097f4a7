// SPDX-License-Identifier: Apache-2.0

/// Where and how a text fails to be JSON.
package struct JSONFault: Error, Equatable, Sendable {
    /// Bytes before the place.
    package let offset: Int
    /// What is wrong there.
    package let reason: String
}
