// SPDX-License-Identifier: Apache-2.0

/// Why a tracker's catalogue did not do what it was asked.
package enum CatalogueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The tracker's URL leads to no catalogue.
    case unsupported(String)
    /// No connection, no name, no answer in time; the reason.
    case unreachable(String)
    /// It has no such entry, or is no tracker with a catalogue.
    case notFound(String)
    /// It said no: status and its words.
    case refused(Int, String)
    /// Not what a catalogue answers: why not.
    case garbage(String)

    package var description: String {
        switch self {
        case .unsupported(let why), .unreachable(let why), .notFound(let why), .garbage(let why): why
        case .refused(let status, let words):
            words.isEmpty ? "the tracker refused (HTTP \(status))" : "the tracker refused (HTTP \(status)): \(words)"
        }
    }
}
