// SPDX-License-Identifier: Apache-2.0

import PeerSession
package import SwarmModel
import Swarming

/// What a test may do to nodes, and look at, from an action or from `whenCompleted`.
extension Simulation {
    /// A node says and hears nothing any more, and keeps its connections open.
    package func silence(_ node: Int) {
        self.nodes[node].isSilent = true
        self.noteNews()
    }

    /// A node goes on as before, except that it sends no blocks any more: it unchokes, takes requests and what it is sent.
    package func withhold(_ node: Int) { self.nodes[node].withholds = true }

    /// A node goes away.
    package func leave(_ node: Int) { self.nodes[node].leave() }

    /// Breaks every connection of a node; it may come back to the others.
    package func resetConnections(of node: Int) {
        for number in self.links.indices
        where self.links[number].dialler == node || self.links[number].called == node {
            self.reset(number)
        }
    }

    /// So many bytes fit on a node's disk from now on.
    package func setCapacity(_ bytes: UInt64, of node: Int) { self.nodes[node].disk.profile.capacity = bytes }

    /// Pieces that a node has.
    package func pieces(of node: Int) -> Bitfield { self.nodes[node].swarm.have }

    /// Whether the node has every piece.
    package func isComplete(_ node: Int) -> Bool { self.nodes[node].swarm.isComplete }

    /// Whether the node has come and not gone.
    package func isPresent(_ node: Int) -> Bool { self.nodes[node].isPresent }

    /// Whether the node has come and gone.
    package func hasLeft(_ node: Int) -> Bool { self.nodes[node].phase == .gone }

    /// Whether a disk failure keeps the node from asking for more.
    package func isSuspended(_ node: Int) -> Bool { self.nodes[node].phase == .suspended }

    /// The nodes that a node serves now.
    package func served(by node: Int) -> [Int] {
        self.nodes[node].connections.filter { !$0.session.isChoking && $0.session.isPeerInterested }.map(\.remote)
    }

    /// The nodes that wait to be served by a node.
    package func waiting(for node: Int) -> [Int] {
        self.nodes[node].connections.filter { $0.session.isChoking && $0.session.isPeerInterested }.map(\.remote)
    }

    /// When a node came, or is to come.
    package func joinTime(of node: Int) -> Instant { self.nodes[node].outcome.joinedAt }

    /// How long a node took to have every piece; nil while it lacks some.
    package func duration(of node: Int) -> Interval? { self.nodes[node].outcome.duration }

    /// Payload bytes that a node has sent so far.
    package func uploaded(by node: Int) -> UInt64 { self.nodes[node].outcome.uploaded }

    /// How many times the pieces that all present nodes have together make the torrent whole: the count of the rarest.
    package var copies: Int {
        let present = self.nodes.filter { $0.isPresent && !$0.isSilent }
        let counts = (0..<self.geometry.pieceCount).map { piece in
            present.count { $0.swarm.have[PieceIndex(piece)] }
        }
        return counts.min() ?? 0
    }
}
