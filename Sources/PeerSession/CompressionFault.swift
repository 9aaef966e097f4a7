// SPDX-License-Identifier: Apache-2.0

import Deflate

/// What is wrong with a compressed block.
package enum CompressionFault: UInt8, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// It is no deflate stream.
    case corrupt
    /// The stream does not end.
    case truncated
    /// It inflates to more than was asked for: a bomb, perhaps.
    case tooLong
    /// It inflates to less than was asked for.
    case tooShort
    /// Bytes follow the stream.
    case trailingBytes
    /// Nothing: we have no memory for it.
    case outOfMemory

    /// What became of inflating it.
    init(_ error: InflateError) {
        switch error {
        case .corrupt: self = .corrupt
        case .truncated: self = .truncated
        case .limitExceeded: self = .tooLong
        case .tooShort: self = .tooShort
        case .trailingBytes: self = .trailingBytes
        case .outOfMemory: self = .outOfMemory
        }
    }

    /// One clause for a log line.
    package var description: String {
        switch self {
        case .corrupt: "a compressed block is no deflate stream"
        case .truncated: "the stream of a compressed block is cut off"
        case .tooLong: "a compressed block inflates to more than was asked for"
        case .tooShort: "a compressed block inflates to less than was asked for"
        case .trailingBytes: "bytes follow the stream of a compressed block"
        case .outOfMemory: "there was no memory to inflate a block"
        }
    }
}
