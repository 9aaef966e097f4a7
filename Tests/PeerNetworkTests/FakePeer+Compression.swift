// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PeerWire
import SwarmModel

extension FakePeer {
    /// Both handshakes, with extension messages.
    func shakeHandsExtended(in swarm: LoopbackSwarm) async throws {
        try await self.send(
            Handshake(infoHash: swarm.infoHash, peerID: FakePeer.greatestID, supportsExtensions: true).encoded)
        await self.hear { $0 == .message(.handshake) }
    }

    /// Answers a request with a stream, right or wrong.
    func send(_ block: BlockRange, compressed stream: [UInt8]) async throws {
        let header = MessageWriter.compressedHeader(block, count: stream.count, id: PeerSession.deflateID)
        try await self.send(header.indices.map { header[$0] } + stream)
    }
}
