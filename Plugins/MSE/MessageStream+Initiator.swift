// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// The side that dialled: it names the torrent and offers methods.
extension MessageStream {
    /// Bytes of the method selected and the length of padding.
    static let selectionLength = 6

    /// Shows that we know the secret, names the torrent, offers methods; says nothing of our own yet.
    func sendRequest() {
        let (length, constant) = (Digest.length, Self.constantLength)
        self.writeDigest("req1", withHash: false, to: self.field)
        Digest.torrentName(of: self.infoHash, into: self.field + length)
        self.writeDigest("req3", withHash: false, to: self.digest)
        for index in 0..<length { self.field[length + index] ^= self.digest[index] }
        self.makeKeystreams()
        let offer = self.field + 2 * length
        let padding = self.paddingLength()
        let count = constant + Self.selectionLength + padding + 2
        offer.update(repeating: 0, count: count)
        self.put(self.methods.rawValue, at: 2 * length + constant, count: 4)
        self.put(UInt32(padding), at: 2 * length + constant + 4, count: 2)
        self.outgoing?.apply(to: offer, count: count)
        self.link.transmit(self.field, count: 2 * length + count)
        // The peer's answer begins with zeros, so what is to be looked for is the keystream itself.
        self.digest.update(repeating: 0, count: constant)
        self.incoming?.apply(to: self.digest, count: constant)
        self.expect(.verification, 0)
    }

    func selectionCame() {
        self.incoming?.apply(to: self.field, count: self.filled)
        self.method = EncryptionMethods(rawValue: self.number(at: 0, count: 4))
        let padding = Int(self.number(at: 4, count: 2))
        guard self.method.isChoice(of: self.methods) else {
            return self.fail("the peer selected a method that was not offered")
        }
        guard padding <= Self.paddingLimit else { return self.fail("the peer sends too much padding") }
        if padding == 0 { self.agreed() } else { self.expect(.padding, padding) }
    }
}
