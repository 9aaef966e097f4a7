// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Why a web server did not give the bytes that it was asked for.
package enum RangeFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The URL is none that can be fetched; the reason.
    case badURL(String)
    /// It leads to where URLs of others may not lead us; the reason.
    case refusedAddress(String)
    /// No connection, or it broke; the reason.
    case unreachable(String)
    /// Nothing came for too long; seconds.
    case stalled(Double)
    /// A status that is no answer, and for how long it wishes not to be asked.
    case status(Int, retryAfter: Interval?)
    /// More redirects than are followed, or to nowhere.
    case tooManyRedirects
    /// It answers with other bytes than were asked for; what it said.
    case wrongRange(String)
    /// The file there has another length; bytes.
    case wrongFile(UInt64)
    /// It sends the whole of a file that is too large for that.
    case ignoresRanges
    /// It encodes what it sends; how.
    case encoded(String)
    /// It sends more than was asked for.
    case tooMuch
    /// It sends less than it said.
    case cut

    package var description: String {
        switch self {
        case .badURL(let why): why
        case .refusedAddress(let why): why
        case .unreachable(let why): why
        case .stalled(let seconds): "nothing came for \(Int(seconds)) s"
        case .status(let status, retryAfter: let pause):
            "the server answers with status \(status)"
                + (pause.map { ", and wishes to be asked again in \(Int($0.inSeconds)) s" } ?? "")
        case .tooManyRedirects: "too many redirects"
        case .wrongRange(let what): "the server sends other bytes than it was asked for: \(what)"
        case .wrongFile(let length): "the file there is another one: it has \(length) bytes"
        case .ignoresRanges: "the server sends whole files only, and this one is too large for that"
        case .encoded(let how): "the server sends the file encoded (\(how))"
        case .tooMuch: "the server sends more than it was asked for"
        case .cut: "the server sent less than it said"
        }
    }

    /// How it is to be taken.
    package enum Weight: Hashable, Sendable {
        /// It may be over soon.
        case passing
        /// It is probably the server's way.
        case doubtful
        /// It will not change.
        case lasting
    }

    /// How it is to be taken.
    package var weight: Weight {
        switch self {
        case .unreachable, .stalled, .status, .cut: .passing
        case .tooManyRedirects, .wrongRange, .tooMuch: .doubtful
        case .badURL, .refusedAddress, .wrongFile, .ignoresRanges, .encoded: .lasting
        }
    }
}
