// SPDX-License-Identifier: Apache-2.0

/// The SHA-256 of a v2 info dictionary (BEP 52), whole.
package struct InfoHashV2: Hashable, Sendable, CustomStringConvertible {
    /// Thirty-two bytes.
    package let bytes: [UInt8]

    /// Takes exactly thirty-two bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Reads sixty-four hexadecimal digits, either case; nil for anything else.
    package init?(hex: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The form used in handshakes and announces (BEP 52, "upgrade path").
    package var truncated: InfoHash {
        guard let hash = InfoHash(bytes: self.bytes.prefix(20)) else { preconditionFailure("a digest has 32 bytes") }
        return hash
    }

    /// Sixty-four lower-case hexadecimal digits.
    package var description: String { Hexadecimal.encode(self.bytes) }
}
