// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a bencoded value, and where. Trivial: throwing one allocates nothing.
package struct BencodeError: Error, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// What can be wrong.
    package enum Cause: Hashable, Sendable, BitwiseCopyable {
        /// The input ends inside a value.
        case endOfInput
        /// A value (`i`, `l`, `d` or a digit) must stand here.
        case expectedValue(found: UInt8)
        /// A key (a digit) or the end of the dictionary must stand here.
        case expectedKey(found: UInt8)
        /// A digit must stand here.
        case expectedDigit(found: UInt8)
        /// The `e` that ends an integer must stand here.
        case expectedEndOfInteger(found: UInt8)
        /// The `:` that follows a string's length must stand here.
        case expectedColon(found: UInt8)
        /// An integer outside Int64, or a string length beyond any memory.
        case integerOverflow
        /// More than `BencodeLimits.digits` digits.
        case numberTooLong
        /// A string that would reach beyond the input.
        case stringPastEnd(length: Int)
        /// Containers nested deeper than the limit.
        case tooDeep(limit: Int)
        /// More input than the limit.
        case tooLarge(limit: Int)
        /// More values than the limit.
        case tooManyValues(limit: Int)
        /// Bytes after the one value.
        case trailingBytes(count: Int)
    }

    /// What is wrong.
    package let cause: Cause
    /// Offset in the input of the byte that shows it.
    package let offset: Int

    /// Pairs a cause with its place.
    package init(_ cause: Cause, at offset: Int) {
        self.cause = cause
        self.offset = offset
    }

    package var description: String { "\(self.reason) at byte \(self.offset)" }

    private var reason: String {
        switch self.cause {
        case .endOfInput: "the input ends inside a value"
        case .expectedValue(let byte): "\(Self.shown(byte)) where a value must begin"
        case .expectedKey(let byte): "\(Self.shown(byte)) where a dictionary key must begin"
        case .expectedDigit(let byte): "\(Self.shown(byte)) where a digit must stand"
        case .expectedEndOfInteger(let byte): "\(Self.shown(byte)) inside an integer"
        case .expectedColon(let byte): "\(Self.shown(byte)) where the colon of a string must stand"
        case .integerOverflow: "a number that does not fit 64 bits"
        case .numberTooLong: "a number of more than \(BencodeLimits.digits) digits"
        case .stringPastEnd(let length): "a string of \(length) bytes that reaches beyond the end"
        case .tooDeep(let limit): "more than \(limit) containers inside each other"
        case .tooLarge(let limit): "more than \(limit) bytes"
        case .tooManyValues(let limit): "more than \(limit) values"
        case .trailingBytes(let count): "\(count) bytes after the value"
        }
    }

    private static func shown(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7f ? "'\(Unicode.Scalar(byte))'" : "byte \(byte)"
    }
}
