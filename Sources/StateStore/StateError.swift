// SPDX-License-Identifier: Apache-2.0

package import Database
package import SwarmModel

/// Why the state could not be opened, read or changed.
package enum StateError: Error, Sendable, CustomStringConvertible {
    /// Another process holds the folder; its id, when it could be read.
    case inUse(directory: String, pid: Int32?)
    /// A file or folder cannot be made or used; the system's reason.
    case inaccessible(path: String, reason: String)
    /// SQLite refused; a full disk is `DatabaseError.isStorageFault`.
    case database(DatabaseError)
    /// A torrent of that hash is there already.
    case duplicate(InfoHash)
    /// There is no torrent of that hash.
    case unknown(InfoHash)

    package var description: String {
        switch self {
        case .inUse(let directory, let pid):
            "\(directory) is in use by another daemon" + (pid.map { " (process \($0))" } ?? "")
                + ": stop it, or set another daemon.state_dir"
        case .inaccessible(let path, let reason): "\(path): \(reason)"
        case .database(let error): error.description
        case .duplicate(let hash): "torrent \(hash) is there already"
        case .unknown(let hash): "there is no torrent \(hash)"
        }
    }
}
