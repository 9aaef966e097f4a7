// SPDX-License-Identifier: Apache-2.0

import Logging
import StateStore
import SwarmEvents

/// Writes the journal of events down, so that a client goes on behind its cursor after a restart. Follows the journal as
/// a client would; when the disk is slow, many events go into one transaction.
actor EventArchive {
    /// Between two attempts while the state cannot be written.
    private static let retryPause = Duration.seconds(30)
    /// Events that go into one transaction.
    private static let batch = 1_024

    private let journal: EventJournal
    private let state: StateStore
    private let logger: Logger
    private let follower: Int
    private var place: Int64
    private var isFailing = false

    init(journal: EventJournal, state: StateStore, logger: Logger) {
        self.journal = journal
        self.state = state
        self.logger = logger
        self.follower = journal.enter()
        // What happened while the daemon was started counts too.
        self.place = journal.beginning
    }

    deinit { self.journal.leave(self.follower) }

    /// Writes until the task is cancelled.
    func run() async {
        while await self.journal.wait(after: self.place, self.follower) {
            guard !(await self.flush()) else { continue }
            do { try await Task.sleep(for: Self.retryPause) } catch { return }
        }
    }

    /// Writes what there is; false when it could not all be written.
    @discardableResult
    func flush() async -> Bool {
        while true {
            let events: [StoredEvent]
            switch self.journal.events(after: self.place, limit: Self.batch) {
            case .events(let found): events = found
            case .nothing: return true
            case .expired:
                // They came faster than the disk, or it failed for long; clients that were there saw them.
                self.place = self.journal.floor
                continue
            }
            do {
                try await self.state.recordEvents(events, forgetting: self.journal.floor)
            } catch {
                if !self.isFailing {
                    self.isFailing = true
                    self.logger.event(
                        .progressUnrecorded, "events could not be recorded: \(error)", ["error.message": "\(error)"])
                }
                return false
            }
            self.isFailing = false
            self.place = max(self.place, events.last?.sequence ?? self.place)
        }
    }
}
