// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin

/// The peer that a piece is picked for, shown for the length of one call.
public struct PeerView {
    private let peer: UnsafePointer<swarm_picker_peer>

    init(_ peer: UnsafePointer<swarm_picker_peer>) {
        self.peer = peer
    }

    /// The pieces it has.
    public var pieces: PieceWords {
        // A host of 1.0 does not tell a summary.
        let tellsSummary = Int(self.peer.pointee.struct_size) >= MemoryLayout<swarm_picker_peer>.size
        return PieceWords(
            self.peer.pointee.words, count: Int(self.peer.pointee.word_count),
            summary: tellsSummary ? self.peer.pointee.summary : nil)
    }
    /// Number of pieces it has.
    public var haveCount: Int { Int(self.peer.pointee.have_count) }
    /// Its place among the connected peers.
    public var slot: UInt32 { self.peer.pointee.slot }
    /// Bytes a second that come from it.
    public var downRate: UInt64 { self.peer.pointee.down_rate }
    /// The time now, in nanoseconds.
    public var now: Int64 { self.peer.pointee.now }
}
