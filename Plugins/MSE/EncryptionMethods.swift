// SPDX-License-Identifier: Apache-2.0

/// What may follow the handshake: bits of its offer, one of which is selected. A peer passes over those it does not know.
struct EncryptionMethods: OptionSet {
    let rawValue: UInt32

    /// Bytes as they are.
    static let plain = EncryptionMethods(rawValue: 1)
    /// The streams of RC4 that the handshake was hidden with, from where they stand.
    static let rc4 = EncryptionMethods(rawValue: 2)
    /// AES-128 in counter mode; only Swarm knows it.
    static let aes = EncryptionMethods(rawValue: 0x0100_0000)

    /// Whether it is one method, of those in `offer`.
    func isChoice(of offer: EncryptionMethods) -> Bool {
        self.rawValue.nonzeroBitCount == 1 && offer.isSuperset(of: self)
    }

    /// The one to select. Once the peers have found each other the bytes need no cover, unless the operator says so; and
    /// AES costs a fifth of RC4.
    var preferred: EncryptionMethods? {
        if self.contains(.plain) { return .plain }
        if self.contains(.aes) { return .aes }
        return self.contains(.rc4) ? .rc4 : nil
    }
}
