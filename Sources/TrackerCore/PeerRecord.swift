// SPDX-License-Identifier: Apache-2.0

/// One peer at one address: 16 bytes for IPv4, 32 for IPv6. Whether it is a seed is told by where it stands in its
/// table. Rows of the piece map, when a torrent has one, run parallel to the records and are moved with them.
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
