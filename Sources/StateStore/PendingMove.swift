// SPDX-License-Identifier: Apache-2.0

/// A move of a torrent's payload that is not over: what must be done when the daemon was cut off in it.
package enum PendingMove: Hashable, Sendable {
    /// Files are on their way to this folder, and the recorded one is still the old.
    case to(String)
    /// The new folder is recorded; what was copied has yet to be taken away from this one.
    case from(String)
}
