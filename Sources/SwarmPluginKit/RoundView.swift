// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin

/// One round of choking, shown for the length of one call.
public struct RoundView {
    private let round: UnsafePointer<swarm_choke_round>

    init(_ round: UnsafePointer<swarm_choke_round>) {
        self.round = round
    }

    /// Whether nothing is left to fetch.
    public var isSeeding: Bool { self.round.pointee.mode == SWARM_MODE_SEEDING }
    /// How many interested peers may be unchoked.
    public var slots: Int { Int(self.round.pointee.slots) }
    /// The time now, in nanoseconds.
    public var now: Int64 { self.round.pointee.now }
    /// Connected peers.
    public var peerCount: Int { Int(self.round.pointee.peer_count) }

    /// The peer at `index`, 0 ..< `peerCount`.
    public subscript(index: Int) -> ChokePeerView {
        ChokePeerView(swarm_choke_round_peer(self.round, UInt32(index)))
    }
}
