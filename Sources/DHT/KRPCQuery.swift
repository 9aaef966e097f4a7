// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a node asks of another (BEP 5).
package struct KRPCQuery: Hashable, Sendable {
    /// The four questions.
    package enum Question: Hashable, Sendable {
        /// Whether it is there.
        case ping
        /// Which nodes are closest to an id.
        case findNode(NodeID)
        /// Who has a torrent; `excludesSeeds` where only those are wanted that lack something (BEP 33).
        case getPeers(InfoHash, excludesSeeds: Bool, wantsCounts: Bool)
        /// The sender has a torrent.
        case announcePeer(KRPCAnnouncement)
    }

    /// The id of who asks.
    package var sender: NodeID
    /// What it asks.
    package var question: Question
    /// The families of the nodes that it wants to be told (BEP 32); nil for its own.
    package var wants: AddressFamilies?

    /// A question as it is.
    package init(sender: NodeID, _ question: Question, wants: AddressFamilies? = nil) {
        self.sender = sender
        self.question = question
        self.wants = wants
    }
}
