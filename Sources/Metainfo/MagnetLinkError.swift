// SPDX-License-Identifier: Apache-2.0

/// Why a text is no usable magnet link.
package enum MagnetLinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is neither a magnet link nor a bare info-hash.
    case notMagnet
    /// It is longer than `MetainfoLimits.magnetBytes`.
    case tooLong(bytes: Int)
    /// A `%` in an `xt` is not followed by two hexadecimal digits.
    case badEscape(in: String)
    /// An info-hash that is not one.
    case badHash(String)
    /// No `xt` with an info-hash.
    case noHash

    package var description: String {
        switch self {
        case .notMagnet: "not a magnet link: it must begin with \"magnet:?\" or be an info-hash"
        case .tooLong(let bytes): "the magnet link is \(bytes) bytes long, more than \(MetainfoLimits.magnetBytes)"
        case .badEscape(let text): "\"\(text)\" has a % that two hexadecimal digits must follow"
        case .badHash(let text):
            "\"\(text)\" is no info-hash: urn:btih: takes 40 hexadecimal or 32 base32 digits, urn:btmh: 1220 and 64"
        case .noHash: "the magnet link has no info-hash (xt=urn:btih:… or xt=urn:btmh:1220…)"
        }
    }
}
