// SPDX-License-Identifier: Apache-2.0

import PeerWire
package import SwarmModel

/// Hash trees between peers (BEP 52). The session carries the messages; what is true is the owner's to say.
extension PeerSession {
    /// Asks the peer for hashes. Whether that could be said.
    @discardableResult
    package mutating func requestHashes(_ range: HashRange) -> Bool {
        guard self.phase == .established, self.usesV2 else { return false }
        MessageWriter.hashRequest(range, into: &self.output)
        return true
    }

    /// Answers a request: the hashes of the range, then its proof.
    package mutating func sendHashes(_ range: HashRange, _ hashes: [UInt8]) {
        guard self.phase == .established, self.usesV2 else { return }
        MessageWriter.hashes(range, hashes, into: &self.output)
    }

    /// Refuses a request.
    package mutating func rejectHashes(_ range: HashRange) {
        guard self.phase == .established, self.usesV2 else { return }
        MessageWriter.hashReject(range, into: &self.output)
    }

    /// A message about a hash tree has come whole.
    mutating func receiveHashes(_ message: PeerMessage, into events: inout [PeerEvent]) {
        self.greeting = .over
        guard self.usesV2 else { return self.violate(.notNegotiated, into: &events) }
        let offset = UInt32(truncatingIfNeeded: self.extensionBytes.count)
        let count = UInt32(truncatingIfNeeded: self.parser.body.count)
        self.extensionBytes.append(contentsOf: self.parser.body)
        if message == .hashes { return events.append(.hashesReceived(offset: offset, count: count)) }
        events.append(message == .hashRequest ? .hashesRequested(offset: offset) : .hashesRejected(offset: offset))
    }
}
