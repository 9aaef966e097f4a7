// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A copy of one connection's figures.
package struct ConnectionStatus: Sendable {
    /// The other end of the connection.
    package var endpoint: PeerEndpoint
    /// What it calls itself.
    package var client: String
    /// Its id.
    package var peerID: PeerID?
    /// Whether it dialled us.
    package var isInbound: Bool
    /// How its bytes travel: names of transports.
    package var transport: String
    /// Whether all bytes between us and the peer are encoded by a transport over the stream, as encryption does.
    package var isEncrypted: Bool
    /// Share of the pieces it has, 0 to 1.
    package var progress: Double
    /// Payload bytes a second from it.
    package var downloadRate: Double
    /// Payload bytes a second to it.
    package var uploadRate: Double
    /// Payload bytes from it.
    package var downloaded: UInt64
    /// Payload bytes to it.
    package var uploaded: UInt64
    /// We want something it has.
    package var isInteresting: Bool
    /// It does not serve us.
    package var isChokingUs: Bool
    /// It wants something we have.
    package var isInterested: Bool
    /// We do not serve it.
    package var isChoked: Bool
    /// It has stopped sending what it was asked for.
    package var isSnubbed: Bool
    /// Blocks asked of it and not here yet.
    package var requestsOut: Int
    /// Blocks it asked for and we have not sent yet.
    package var requestsIn: Int
    /// Bytes of messages, blocks aside, that the connection has not taken yet.
    package var unsentBytes: Int
    /// Nothing is read because it does not take what it made us say.
    package var isReadHeld: Bool
    /// Seconds since the connection stood.
    package var connectedSeconds: Double
    /// Breaches of the protocol so far.
    package var faults: Int
}
