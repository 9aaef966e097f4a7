// SPDX-License-Identifier: Apache-2.0

/// What was done about a damaged database when the state was opened; worth a warning with all of its words.
package struct StateRecovery: Sendable, CustomStringConvertible {
    /// Where the damaged file is now. It is never deleted.
    package let movedTo: String
    /// What SQLite said.
    package let cause: String
    /// Torrents that were carried over. One whose metainfo was lost has only its hash and magnet left.
    package internal(set) var torrents = 0
    /// Torrents whose metainfo was carried over.
    package internal(set) var metainfo = 0
    /// Torrents whose progress was carried over; the data of the others is to be checked again.
    package internal(set) var progress = 0

    package var description: String {
        "the state was damaged (\(self.cause)) and was moved to \(self.movedTo); \(self.torrents) torrents were saved, "
            + "\(self.metainfo) with their metainfo and \(self.progress) with their progress"
    }
}
