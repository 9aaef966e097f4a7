// SPDX-License-Identifier: Apache-2.0

/// What a client calls a request, so that it knows the answer.
package enum RequestID: Codable, Hashable, Sendable {
    /// A whole number.
    case number(Int)
    /// A string.
    case text(String)
    /// Null: the answer to something that could not be understood.
    case null

    /// Reads a whole number, a string or null.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    /// Writes a whole number, a string or null.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .null: try container.encodeNil()
        }
    }
}
