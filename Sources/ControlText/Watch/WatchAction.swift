// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What the live view wants done.
package enum WatchAction: Hashable, Sendable {
    /// Leave.
    case quit
    /// Look again at once: another part of the list, or another torrent, is shown.
    case look
    case pause(InfoHash)
    case resume(InfoHash)
    case announce(InfoHash)
    /// Limits in bytes a second, 0 for none.
    case limit(InfoHash, down: Int, up: Int)
    case remove(InfoHash, deleteData: Bool)
}
