// SPDX-License-Identifier: Apache-2.0

/// The place of a connected peer in one torrent: a small index that the torrent's loop chooses, dense, and used again
/// after the peer has left. At most `Swarm.maximumSlots` of them.
package typealias PeerSlot = Int
