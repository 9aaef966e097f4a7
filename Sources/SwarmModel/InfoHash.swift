// SPDX-License-Identifier: Apache-2.0

/// The twenty-byte name of a torrent on the wire: SHA-1 of a v1 info dictionary (BEP 3), or the first twenty bytes of
/// the SHA-256 of a v2 one (BEP 52).
package struct InfoHash: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The digest itself.
    package let digest: Bytes20

    /// Takes a digest as it is.
    package init(_ digest: Bytes20) {
        self.digest = digest
    }

    /// Takes exactly twenty bytes in wire order; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard let digest = Bytes20(bytes) else { return nil }
        self.digest = digest
    }

    /// Reads forty hexadecimal digits, either case; nil for anything else.
    package init?(hex: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The bytes in wire order.
    package var bytes: [UInt8] { self.digest.bytes }

    /// Forty lower-case hexadecimal digits.
    package var description: String { Hexadecimal.encode(self.bytes) }
}
