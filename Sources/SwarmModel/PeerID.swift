// SPDX-License-Identifier: Apache-2.0

/// The twenty bytes by which a peer names itself in handshakes and announces (BEP 3, BEP 20).
package struct PeerID: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The bytes themselves.
    package let value: Bytes20

    /// Takes the bytes as they are.
    package init(_ value: Bytes20) {
        self.value = value
    }

    /// Takes exactly twenty bytes in wire order; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard let value = Bytes20(bytes) else { return nil }
        self.value = value
    }

    /// A fresh id of ours: `prefix` (BEP 20, as `-SM0100-`) and random letters and digits up to twenty bytes.
    package init(prefix: String, random: inout SplitMix64) {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var bytes = Array(prefix.utf8.prefix(20))
        while bytes.count < 20 {
            bytes.append(alphabet[Int(random.next(below: UInt64(alphabet.count)))])
        }
        guard let value = Bytes20(bytes) else { preconditionFailure("twenty bytes were made") }
        self.value = value
    }

    /// The bytes in wire order.
    package var bytes: [UInt8] { self.value.bytes }

    /// Printable ASCII as it is, every other byte as `%xx`.
    package var description: String {
        var text = ""
        for byte in self.bytes {
            if byte > 0x20, byte < 0x7f {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + Hexadecimal.encode(CollectionOfOne(byte))
            }
        }
        return text
    }
}
