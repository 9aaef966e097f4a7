// SPDX-License-Identifier: Apache-2.0

/// What a Redis server answers one command with.
package enum RedisReply: Hashable, Sendable {
    /// A value, or a word of the server such as `OK`.
    case bytes([UInt8])
    /// A number.
    case number(Int64)
    /// Several answers.
    case list([RedisReply])
    /// There is no such thing.
    case nothing
    /// The command was refused; the server's words.
    case failure(String)

    /// The bytes, if it is a value.
    package var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    /// The value as text.
    package var text: String? { self.bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The answers in it; none where it is no list.
    package var list: [RedisReply] {
        if case .list(let list) = self { list } else { [] }
    }

    /// A number, or a value that is written as one.
    package var number: Int64? {
        switch self {
        case .number(let number): number
        case .bytes: self.text.flatMap { Int64($0) }
        case .list, .nothing, .failure: nil
        }
    }
}
