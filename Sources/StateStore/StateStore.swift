// SPDX-License-Identifier: Apache-2.0

import Database

/// What survives a restart and a kill: the torrents, their progress and totals, settings, the daemon's identity.
///
/// One process a folder. Every change is on the disk when the call returns, and happens as a whole; changes that come while
/// the disk is busy share a commit. They are made on the store's own queue, never on an event loop. An error leaves everything
/// as it was; after a full disk the same call may succeed.
package actor StateStore {
    /// The folder.
    package nonisolated let directory: String
    /// What had to be done about a damaged database; nil when it was sound.
    package nonisolated let recovery: StateRecovery?

    nonisolated let executor = DatabaseExecutor(label: "swarm.state")
    private let database: Database
    /// Behind the database: the folder is given back when that is closed.
    private let lock: StateLock
    /// Those whose changes are in the open transaction.
    var waiters: [CheckedContinuation<CommitResult, Never>] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    /// Opens the state, making the folder (for its owner only) if there is none. A damaged database is moved aside, never
    /// deleted, and what can be read of it is carried over: `recovery` tells. Reads the disk, so call it before the loops
    /// run. Throws when another process has the folder, or the folder or the database cannot be used.
    package init(directory: String) throws(StateError) {
        try StateFolder.create(directory)
        self.lock = try StateLock(directory: directory)
        let opened = try StateDatabase.open(directory + "/state.sqlite")
        self.database = opened.database
        self.recovery = opened.recovery
        self.directory = directory
    }

    /// Runs `body` with the database, its errors in the store's terms.
    func perform<Value>(_ body: (Database) throws(DatabaseError) -> Value) throws(StateError) -> Value {
        do throws(DatabaseError) {
            return try body(self.database)
        } catch {
            throw .database(error)
        }
    }
}
