// SPDX-License-Identifier: Apache-2.0

package import Bencode

/// Why a torrent is refused: at which key, and what was found there.
package struct MetainfoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What can be wrong.
    package enum Problem: Hashable, Sendable {
        /// The bytes are not bencode at all.
        case malformed(BencodeError)
        /// The key is not there.
        case missing
        /// The key holds another form of value.
        case wrongType(wanted: String, found: String)
        /// The value has the right form and is not acceptable.
        case unacceptable(found: String, wanted: String)
        /// A limit of `MetainfoLimits` is exceeded.
        case tooMany(found: UInt64, limit: UInt64)
    }

    /// The key's path, as `info.files[3].length`; empty for the file as a whole.
    package let place: String
    /// What is wrong there.
    package let problem: Problem

    /// Pairs a problem with its place.
    package init(_ place: String, _ problem: Problem) {
        self.place = place
        self.problem = problem
    }

    package var description: String {
        let subject = self.place.isEmpty ? "the torrent" : "\"\(self.place)\""
        return switch self.problem {
        case .malformed(let error): "\(subject) is not bencode: \(error)"
        case .missing: "\(subject) is missing"
        case .wrongType(let wanted, let found): "\(subject) is \(found) where \(wanted) must stand"
        case .unacceptable(let found, let wanted): "\(subject) is \(found); \(wanted)"
        case .tooMany(let found, let limit): "\(subject) is \(found), more than the \(limit) allowed"
        }
    }
}
