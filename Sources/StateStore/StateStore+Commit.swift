// SPDX-License-Identifier: Apache-2.0

import Database

/// Changes are committed in groups: what comes while a commit waits for the disk is in the next one, so that many changes on
/// a slow disk cost one wait, not one each. A group ends as soon as no change waits for its turn any more.
extension StateStore {
    /// What one commit led to.
    typealias CommitResult = Result<Void, StateError>

    /// Makes a change, all of it or, when `body` throws, nothing, and returns once it is on the disk. Changes happen in the
    /// order of the calls. When the commit fails, so does every change in it.
    func change<Value>(_ body: (Database) throws(DatabaseError) -> Value) async throws(StateError) -> Value {
        let value = try self.join(body)
        let result: CommitResult = await withCheckedContinuation { self.waiters.append($0) }
        try result.get()
        return value
    }

    private func join<Value>(_ body: (Database) throws(DatabaseError) -> Value) throws(StateError) -> Value {
        try self.perform { database throws(DatabaseError) in
            if !database.isInTransaction {
                try database.begin()
                // Behind all the changes that wait already: they are part of it.
                Task { self.commit() }
            }
            do throws(DatabaseError) {
                return try database.step { () throws(DatabaseError) in try body(database) }
            } catch {
                // A disk that failed takes the whole transaction back, and with it what others believe to be in it.
                if !database.isInTransaction { self.answer(.failure(.database(error))) }
                throw error
            }
        }
    }

    private func commit() {
        do throws(StateError) {
            try self.perform { database throws(DatabaseError) in
                // Without one, all were told that it failed.
                if database.isInTransaction { try database.commit() }
            }
            self.answer(.success(()))
        } catch {
            self.answer(.failure(error))
        }
    }

    private func answer(_ result: CommitResult) {
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters { waiter.resume(returning: result) }
    }
}
