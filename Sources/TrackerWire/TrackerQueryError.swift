// SPDX-License-Identifier: Apache-2.0

/// Why a query is not an announce or a scrape. The text goes to the client as its failure reason.
package enum TrackerQueryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A parameter that must be there is not.
    case missing(String)
    /// A `%` is not followed by two hexadecimal digits.
    case badEscape(String)
    /// A value that must be twenty bytes has another count.
    case notTwentyBytes(String, Int)
    /// A value that must be a number from 0 to `UInt16.max` is not.
    case notAPort
    /// A scrape names more torrents than `ScrapeRequest.maximumCount`.
    case tooManyHashes(Int)
    /// The query is longer than `AnnounceRequest.maximumQueryLength`.
    case tooLong(Int)

    package var description: String {
        switch self {
        case .missing(let name): "\(name) is missing"
        case .badEscape(let name): "\(name): % must be followed by two hexadecimal digits"
        case .notTwentyBytes(let name, let count): "\(name) must be 20 bytes, percent-encoded; it has \(count)"
        case .notAPort: "port must be a number from 1 to 65535"
        case .tooManyHashes(let limit): "at most \(limit) info_hash parameters in one scrape"
        case .tooLong(let limit): "the query is longer than \(limit) bytes"
        }
    }
}
