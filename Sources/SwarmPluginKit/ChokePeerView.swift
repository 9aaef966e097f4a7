// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin

/// One peer of a round, shown for the length of one call.
public struct ChokePeerView {
    private let peer: UnsafePointer<swarm_choke_peer>

    init(_ peer: UnsafePointer<swarm_choke_peer>) {
        self.peer = peer
    }

    private func has(_ flag: UInt32) -> Bool { self.peer.pointee.flags & flag != 0 }

    /// Its place among the connected peers; used again after it has left.
    public var slot: UInt32 { self.peer.pointee.slot }
    /// Its number among all peers that ever joined; never used again.
    public var serial: UInt64 { self.peer.pointee.serial }
    /// Whether it wants something from us.
    public var isInterested: Bool { self.has(SWARM_PEER_INTERESTED) }
    /// Whether it may ask us now.
    public var isUnchoked: Bool { self.has(SWARM_PEER_UNCHOKED) }
    /// Whether we want something from it and it has sent nothing for a minute.
    public var isSnubbed: Bool { self.has(SWARM_PEER_SNUBBED) }
    /// Whether it has every piece.
    public var isSeed: Bool { self.has(SWARM_PEER_SEED) }
    /// Whether it joined less than three rounds ago.
    public var isNewcomer: Bool { self.has(SWARM_PEER_NEWCOMER) }
    /// Bytes a second from it to us.
    public var downRate: UInt64 { self.peer.pointee.down_rate }
    /// Bytes a second from us to it.
    public var upRate: UInt64 { self.peer.pointee.up_rate }
    /// When it joined, in nanoseconds.
    public var joinedAt: Int64 { self.peer.pointee.joined_at }
    /// When it was last unchoked, in nanoseconds; `Int64.min` when it never was.
    public var unchokedAt: Int64 { self.peer.pointee.unchoked_at }
}
