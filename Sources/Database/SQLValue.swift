// SPDX-License-Identifier: Apache-2.0

/// A value on its way into a statement.
package enum SQLValue: Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    package static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    /// SQLite has no unsigned integers: numbers past 2⁶³−1 become 2⁶³−1.
    package static func integer(_ value: UInt64) -> SQLValue { .integer(Int64(clamping: value)) }
    /// Stored as 0 or 1.
    package static func boolean(_ value: Bool) -> SQLValue { .integer(Int64(value ? 1 : 0)) }
    /// Text, or null for nil.
    package static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    /// An integer, or null for nil.
    package static func optional(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
    /// A number, or null for nil.
    package static func optional(_ value: Double?) -> SQLValue { value.map { .real($0) } ?? .null }
    /// Bytes, or null for nil.
    package static func optional(_ value: [UInt8]?) -> SQLValue { value.map { .blob($0) } ?? .null }
}
