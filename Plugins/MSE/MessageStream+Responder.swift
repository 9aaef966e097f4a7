// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// The side that was dialled: it learns the torrent and selects a method.
extension MessageStream {
    /// Bytes of the constant, the methods offered and the length of padding.
    private static let offerLength = 14

    func torrentCame() {
        self.writeDigest("req3", withHash: false, to: self.digest)
        for index in 0..<Digest.length { self.field[index] ^= self.digest[index] }
        guard self.link.findTorrent(self.field, infoHash: self.infoHash) else {
            return self.fail("the peer wants a torrent that is not here")
        }
        self.makeKeystreams()
        self.expect(.offer, Self.offerLength)
    }

    func offerCame() {
        self.incoming?.apply(to: self.field, count: self.filled)
        guard (0..<Self.constantLength).allSatisfy({ self.field[$0] == 0 }) else {
            return self.fail("the peer's keys are not ours")
        }
        let offered = EncryptionMethods(rawValue: self.number(at: Self.constantLength, count: 4))
        let padding = Int(self.number(at: Self.constantLength + 4, count: 2))
        guard padding <= Self.paddingLimit else { return self.fail("the peer sends too much padding") }
        guard let method = offered.intersection(self.methods).preferred else {
            return self.fail("the peer offers no method that is allowed here")
        }
        self.method = method
        self.expect(.initialLength, padding + 2)
    }

    func initialLengthCame() {
        self.incoming?.apply(to: self.field, count: self.filled)
        let initial = Int(self.number(at: self.filled - 2, count: 2))
        self.sendSelection()
        self.agreed()
        guard initial > 0, self.method != .rc4 else { return }
        if self.method == .plain { self.link.opened() }
        self.expect(.initialBytes, initial)
    }

    private func sendSelection() {
        let padding = self.paddingLength()
        let count = Self.offerLength + padding
        self.field.update(repeating: 0, count: count)
        self.put(self.method.rawValue, at: Self.constantLength, count: 4)
        self.put(UInt32(padding), at: Self.constantLength + 4, count: 2)
        self.outgoing?.apply(to: self.field, count: count)
        self.link.transmit(self.field, count: count)
    }
}
