// SPDX-License-Identifier: Apache-2.0

/// A key as the live view knows it.
package enum WatchKey: Hashable, Sendable {
    case character(Character)
    case up
    case down
    case pageUp
    case pageDown
    case home
    case end
    case enter
    case backspace
    case escape
    /// Ctrl-C.
    case interrupt
}
