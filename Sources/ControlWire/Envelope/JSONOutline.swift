// SPDX-License-Identifier: Apache-2.0

/// The top level of a JSON text that was checked as a whole: where its members or elements lie. The envelope is taken
/// apart by this, so that parameters and results are decoded once, by type, or handed on as they stand.
package enum JSONOutline: Equatable, Sendable {
    /// An object: its keys and where the values lie, in order.
    case object([Member])
    /// An array: where the elements lie.
    case array([Range<Int>])
    /// A string, number, boolean or null.
    case scalar(Range<Int>)

    /// A key and where its value lies.
    package struct Member: Equatable, Sendable {
        /// The key, escapes resolved.
        package let key: String
        /// The bytes of the value.
        package let value: Range<Int>
    }

    /// Checks `text` against the grammar of RFC 8259 and gives its top level; throws where it goes wrong.
    package init(of text: [UInt8]) throws(JSONFault) {
        var scanner = JSONScanner(text)
        self = try scanner.outline()
    }

    /// Where the value of the last member called `key` lies; nil when there is none, or this is no object.
    package func value(of key: String) -> Range<Int>? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }
}
