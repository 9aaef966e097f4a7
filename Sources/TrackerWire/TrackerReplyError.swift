// SPDX-License-Identifier: Apache-2.0

/// Why the bytes that came from a tracker are not an answer.
package enum TrackerReplyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More bytes than are read of one answer; the limit.
    case tooLong(Int)
    /// Not one bencoded dictionary; what was wrong.
    case notBencode(String)
    /// A key has a value of the wrong type.
    case wrongType(String)
    /// A key that must be there is not.
    case missing(String)

    package var description: String {
        switch self {
        case .tooLong(let limit): "the tracker's answer is longer than \(limit) bytes"
        case .notBencode(let what): "the tracker's answer is not a bencoded dictionary: \(what)"
        case .wrongType(let key): "the tracker's answer has a wrong type at '\(key)'"
        case .missing(let key): "the tracker's answer has no '\(key)'"
        }
    }
}
