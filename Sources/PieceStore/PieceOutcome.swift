// SPDX-License-Identifier: Apache-2.0

/// What became of a complete piece.
package enum PieceOutcome: Hashable, Sendable {
    /// Its hash is right and it is written; durable after the next `TorrentStorage.synchronise`.
    case stored
    /// Its hash is wrong; nothing was written.
    case hashMismatch
    /// It is right by one of a hybrid's hashes and wrong by the other; nothing was written.
    case contradiction
    /// Its hash is right (or could not be judged) and it could not be written. The buffer may be handed in again.
    case failed(StorageError)
}
