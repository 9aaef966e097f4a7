// SPDX-License-Identifier: Apache-2.0

/// Why the daemon cannot start: what, where, and what to do.
package struct StartError: Error, CustomStringConvertible {
    let message: String

    package var description: String { self.message }
}
