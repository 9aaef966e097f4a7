// SPDX-License-Identifier: Apache-2.0

import Database

/// Opens `state.sqlite`, and saves what can be saved when it is damaged.
enum StateDatabase {
    static func open(_ path: String) throws(StateError) -> (database: Database, recovery: StateRecovery?) {
        let cause: DatabaseError
        do throws(DatabaseError) {
            return (try Self.openSound(path), nil)
        } catch {
            guard error.isCorruption else { throw .database(error) }
            cause = error
        }
        var recovery = StateRecovery(movedTo: try StateFolder.moveAside(database: path), cause: cause.message)
        do throws(DatabaseError) {
            let fresh = try Self.openSound(path)
            // A file that does not even open has nothing to give.
            if let damaged = try? Database(path: recovery.movedTo, durability: .process, readOnly: true) {
                try StateSalvage(source: damaged, target: fresh).run(into: &recovery)
            }
            return (fresh, recovery)
        } catch {
            throw .database(error)
        }
    }

    private static func openSound(_ path: String) throws(DatabaseError) -> Database {
        let database = try Database(path: path, durability: .power)
        try database.migrate(StateSchema.steps)
        try StateSchema.verify(database)
        return database
    }
}
