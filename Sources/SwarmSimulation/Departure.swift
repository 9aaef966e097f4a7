// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// When a node goes away by itself.
package enum Departure: Hashable, Sendable {
    case never
    /// So long after it has every piece.
    case afterCompletion(Interval)
    /// Once it has sent so many times the torrent's payload.
    case afterCopies(Double)
}
