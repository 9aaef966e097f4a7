// SPDX-License-Identifier: Apache-2.0

/// Why compressed bytes could not be inflated.
package enum InflateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not what the format allows, or a checksum does not match; `at` is an offset in the input.
    case corrupt(at: Int)
    /// The input ends before the stream does.
    case truncated
    /// The output would be longer than the limit.
    case limitExceeded(limit: Int)
    /// The stream is complete and more bytes follow it.
    case trailingBytes(count: Int)
    /// The stream is complete and inflates to this many bytes only, fewer than there should be.
    case tooShort(count: Int)
    /// No memory for the inflater.
    case outOfMemory

    package var description: String {
        switch self {
        case .corrupt(let offset): "the compressed data is damaged near byte \(offset)"
        case .truncated: "the compressed data ends too early"
        case .limitExceeded(let limit): "the data inflates to more than the \(limit) bytes allowed"
        case .trailingBytes(let count): "\(count) bytes follow the compressed data"
        case .tooShort(let count): "the data inflates to \(count) bytes, fewer than it should"
        case .outOfMemory: "no memory to inflate the data"
        }
    }
}
