// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension InfoHash: Codable {
    /// Reads forty hexadecimal digits.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let hash = InfoHash(hex: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not 40 hexadecimal digits")
        }
        self = hash
    }

    /// Writes forty hexadecimal digits.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
