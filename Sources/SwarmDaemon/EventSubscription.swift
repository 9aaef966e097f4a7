// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import StateStore
import SwarmModel
import Synchronization

/// One client that follows the events: a place among them, and which ones it wants. Keeps no event of its own.
final class EventSubscription: ControlStream {
    /// Events that are looked at at once.
    private static let batch = 128

    private struct State {
        var place: Int64
        var isOver = false
    }

    private let journal: EventJournal
    private let kinds: Set<String>?
    private let infoHash: InfoHash?
    private let follower: Int
    private let state: Mutex<State>

    /// Follows from a place on; nil filters let everything through.
    init(_ journal: EventJournal, after place: Int64, kinds: Set<String>? = nil, infoHash: InfoHash? = nil) {
        self.journal = journal
        self.kinds = kinds
        self.infoHash = infoHash
        self.follower = journal.enter()
        self.state = Mutex(State(place: place))
    }

    deinit { self.journal.leave(self.follower) }

    func next() async -> [UInt8]? {
        while true {
            let (place, isOver) = self.state.withLock { ($0.place, $0.isOver) }
            if isOver { return nil }
            switch self.journal.events(after: place, limit: Self.batch) {
            case .events(let events):
                self.state.withLock { $0.place = events.last?.sequence ?? place }
                let lines = events.filter(self.isWanted).flatMap {
                    ControlNotification.line(ControlNotification.eventMethod, $0.text)
                }
                if !lines.isEmpty { return lines }
            case .nothing:
                guard await self.journal.wait(after: place, self.follower) else { return nil }
            case .expired:
                self.state.withLock { $0.isOver = true }
                return self.notice(place)
            }
        }
    }

    func cancel() { self.journal.stop(self.follower) }

    private func isWanted(_ event: StoredEvent) -> Bool {
        if let infoHash = self.infoHash, event.infoHash != infoHash { return false }
        return self.kinds?.contains(event.kind) ?? true
    }

    private func notice(_ place: Int64) -> [UInt8] {
        let cursor = self.journal.cursor(place)
        let dropped = EventsDropped(
            cursor: cursor,
            message: "the subscription is over: too many events came while none was read; "
                + "subscribe without since, then list what is there")
        let text = (try? JSONCoding.encode(dropped)) ?? Array("{}".utf8)
        return ControlNotification.line(ControlNotification.droppedMethod, text)
    }
}
