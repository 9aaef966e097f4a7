// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Raw bytes in JSON: a base64 string (RFC 4648, padded).
package struct Base64Bytes: Codable, Hashable, Sendable {
    /// The bytes themselves.
    package let bytes: [UInt8]

    /// Takes bytes as they are.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a base64 string.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let data = Data(base64Encoded: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a base64 string")
        }
        self.bytes = Array(data)
    }

    /// Writes a base64 string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(self.bytes).base64EncodedString())
    }
}
