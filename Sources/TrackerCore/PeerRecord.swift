// SPDX-License-Identifier: Apache-2.0

/// One peer at one address: 16 bytes for IPv4, 32 for IPv6. Whether it is a seed is told by where it stands in its
/// table. What it reports of its pieces is in the torrent's `PieceMap`, so that who reports nothing costs nothing.
struct PeerRecord<Address: PeerAddress>: BitwiseCopyable, Sendable {
    var address: Address
    /// The same peer is known in the table of the other family too.
    var isTwin = false
    /// Its `completed` has been counted.
    var isCounted = false
    var identity: UInt32
    /// Seconds of the tracker's clock.
    var validUntil: UInt32
}
