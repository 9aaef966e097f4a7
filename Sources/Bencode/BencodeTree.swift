// SPDX-License-Identifier: Apache-2.0

/// A value to be written, put together in any order and encoded in canonical form. Literals work:
/// `["interval": 1800, "peers": .bytes(compact)]`.
package indirect enum BencodeTree: Hashable, Sendable {
    case integer(Int64)
    case bytes([UInt8])
    case list([BencodeTree])
    case dictionary([BencodeKey: BencodeTree])

    /// Text as a byte string.
    package static func string(_ text: String) -> BencodeTree { .bytes(Array(text.utf8)) }

    /// The canonical encoding.
    package var encoded: [UInt8] {
        var writer = BencodeWriter()
        self.write(to: &writer)
        return writer.bytes
    }

    /// Appends the canonical encoding.
    package func write(to writer: inout BencodeWriter) {
        switch self {
        case .integer(let value): writer.write(value)
        case .bytes(let value): writer.write(value)
        case .list(let elements):
            writer.list { writer in
                for element in elements { element.write(to: &writer) }
            }
        case .dictionary(let entries):
            writer.dictionary { writer in
                for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
                    writer.key(key.bytes)
                    value.write(to: &writer)
                }
            }
        }
    }
}

extension BencodeTree: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: BencodeTree...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (BencodeKey, BencodeTree)...) {
        self = .dictionary(Dictionary(elements) { _, last in last })
    }
}

extension BencodeValue {
    /// A copy that can be changed and written; of repeated keys the first counts. Recursion goes as deep as the limit
    /// the value was read with.
    package var tree: BencodeTree {
        switch self.kind {
        case .integer: .integer(self.integer ?? 0)
        case .bytes: .bytes(Array(self.bytes ?? []))
        case .list: .list((self.list ?? []).map(\.tree))
        case .dictionary:
            .dictionary(
                self.dictionary?.reduce(into: [:]) { entries, entry in
                    let key = BencodeKey(entry.key)
                    if entries[key] == nil { entries[key] = entry.value.tree }
                } ?? [:])
        }
    }
}
