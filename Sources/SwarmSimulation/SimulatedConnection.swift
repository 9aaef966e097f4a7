// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel

/// One node's end of a connection: what PeerNetwork keeps in a PeerConnection, with a pipe in the place of a channel.
final class SimulatedConnection {
    /// The node at the other end.
    let remote: Int
    /// Where its bytes go.
    let outgoing: Pipe
    var session: PeerSession
    /// The peer's number in `Swarm`, from the end of the handshake to the end of the connection.
    var slot: Int?
    var isClosed = false
    /// It waits for the disk before it can be served on.
    var awaitsRead = false
    /// The block that was read for it.
    var readBlock: BlockRange?
    /// How much of the session's `discardedBytes` is counted.
    var countedDiscards: UInt64 = 0

    init(remote: Int, outgoing: Pipe, session: PeerSession) {
        self.remote = remote
        self.outgoing = outgoing
        self.session = session
    }
}
