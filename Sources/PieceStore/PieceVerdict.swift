// SPDX-License-Identifier: Apache-2.0

/// Whether a piece is what its torrent's hashes ask for.
enum PieceVerdict: Hashable, Sendable {
    /// By every hash there is of it.
    case right
    /// By none.
    case wrong
    /// By one of a hybrid's two hashes and not by the other: no bytes will ever do (BEP 52, "upgrade path").
    case contradiction

    /// What both hashes of a piece say; nil for one that is not at hand.
    init(v1: Bool, v2: Bool?) {
        switch (v1, v2) {
        case (true, true?), (true, nil): self = .right
        case (false, false?), (false, nil): self = .wrong
        case (true, false?), (false, true?): self = .contradiction
        }
    }
}
