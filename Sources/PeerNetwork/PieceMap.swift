// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A copy of what is known of a torrent's pieces.
package struct PieceMap: Sendable {
    /// Verified pieces.
    package var have: Bitfield
    /// Pieces under way, those being hashed or written included.
    package var inFlight: [PieceIndex]
    /// Connected peers that have each piece; 255 stands for that many or more.
    package var holders: [UInt8]
}
