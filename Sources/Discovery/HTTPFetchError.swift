// SPDX-License-Identifier: Apache-2.0

/// Why an HTTP exchange brought no reply.
package enum HTTPFetchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The URL is none that can be fetched.
    case badURL(String)
    /// No connection, or it broke; the reason.
    case unreachable(String)
    /// No whole reply in time; seconds waited.
    case timedOut(Double)
    /// More bytes than allowed.
    case tooLarge(Int)
    /// More redirects than allowed, or in a circle.
    case tooManyRedirects
    /// Whoever asked does not wait any longer.
    case cancelled

    package var description: String {
        switch self {
        case .badURL(let why): why
        case .unreachable(let why): why
        case .timedOut(let seconds): "no answer within \(seconds) s"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .tooManyRedirects: "too many redirects"
        case .cancelled: "cancelled"
        }
    }
}
