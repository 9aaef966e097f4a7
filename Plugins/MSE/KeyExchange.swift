// SPDX-License-Identifier: Apache-2.0

/// The Diffie-Hellman exchange of message stream encryption: generator 2 in the field of its 768-bit prime, private keys
/// of 160 bits.
struct KeyExchange: ~Copyable {
    /// Bytes of a public key and of the shared secret, big-endian.
    static let keyLength = 96
    /// Bytes of a private key.
    static let privateLength = 20

    private let exponent: UnsafeMutablePointer<UInt8>

    /// With a private key that `fill` writes: random bytes fit for keys.
    init(fill: (UnsafeMutablePointer<UInt8>, Int) -> Void) {
        self.exponent = .allocate(capacity: Self.privateLength)
        self.exponent.initialize(repeating: 0, count: Self.privateLength)
        fill(self.exponent, Self.privateLength)
    }

    deinit {
        self.exponent.update(repeating: 0, count: Self.privateLength)
        self.exponent.deallocate()
    }

    /// Writes our public key.
    func writePublicKey(to key: UnsafeMutablePointer<UInt8>) {
        PrimeField.power(nil, self.exponent, count: Self.privateLength, into: key)
    }

    /// Writes the secret that only we and the holder of `key` know; false when that is no public key: 0, 1, the prime less
    /// one or anything greater, with which anybody would know it.
    func writeSecret(with key: UnsafePointer<UInt8>, to secret: UnsafeMutablePointer<UInt8>) -> Bool {
        guard PrimeField.isPublicKey(key) else { return false }
        PrimeField.power(key, self.exponent, count: Self.privateLength, into: secret)
        return true
    }
}
