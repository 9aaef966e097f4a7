// SPDX-License-Identifier: Apache-2.0

/// One answer to why a torrent does not move, or moves as it does.
package struct Finding: Hashable, Sendable, Encodable {
    /// What kind of answer it is, for programs.
    package enum Kind: String, CaseIterable, Sendable, Encodable {
        case paused
        case suspended
        case checking
        case metadata
        case queued
        case move
        case seedLimit = "seed_limit"
        case complete
        case moving
        case limit
        case noPeers = "no_peers"
        case tracker
        case noTracker = "no_tracker"
        case closedPort = "closed_port"
        case missingPieces = "missing_pieces"
        case choked
        case waiting
    }

    /// What kind of answer it is.
    package let kind: Kind
    /// The answer, a sentence without its full stop.
    package let message: String
    /// What to do about it, if anything.
    package let advice: String?

    init(_ kind: Kind, _ message: String, advice: String? = nil) {
        self.kind = kind
        self.message = message
        self.advice = advice
    }
}
