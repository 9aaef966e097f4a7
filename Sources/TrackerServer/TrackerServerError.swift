// SPDX-License-Identifier: Apache-2.0

/// Why a tracker does not start. The description is one line for the operator.
package struct TrackerServerError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Takes the line as it is.
    package init(_ description: String) {
        self.description = description
    }
}
