// SPDX-License-Identifier: Apache-2.0

import ControlWire
import StateStore
import SwarmModel
import Synchronization

/// The events of the last while, in order and numbered over restarts. Everybody who follows them has a place in this one
/// list: a slow reader costs no memory, and falls off its end when it is too slow.
final class EventJournal: Sendable {
    /// The most events that are kept.
    static let capacity = 4_096
    /// The longest sentence or fact that is kept, in bytes.
    private static let longestText = 2_048

    /// What lies behind a place.
    enum Reading: Sendable {
        case events([StoredEvent])
        /// Nothing yet.
        case nothing
        /// Some are gone that came right behind it.
        case expired
    }

    private struct State {
        var events: [StoredEvent]
        /// The newest event that is no longer kept; every place before it is too old.
        var floor: Int64
        /// The newest event of all; before the first one, the place before it.
        var last: Int64
        var nextNumber: Int64
        var nextFollower = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Followers that are not to wait any more.
        var cancelled = Set<Int>()
    }

    /// The place that the events of this run come behind.
    let beginning: Int64
    private let history: UInt32
    private let capacity: Int
    private let state: Mutex<State>

    /// A journal for the run numbered `run`, after what earlier ones left.
    init(history: UInt32, run: Int64, earlier: [StoredEvent], capacity: Int = EventJournal.capacity) {
        self.history = history
        self.capacity = capacity
        let start = EventCursor.beginning(ofRun: run)
        // Whether something was forgotten before the first that is left nobody knows.
        let floor = earlier.first.map { $0.sequence - 1 } ?? start
        self.beginning = earlier.last?.sequence ?? start
        self.state = Mutex(
            State(events: earlier, floor: floor, last: self.beginning, nextNumber: start + 1))
    }

    /// Goes on where the last run ended.
    static func open(_ store: StateStore) async throws -> EventJournal {
        let (history, run) = try await store.beginEventRun()
        return EventJournal(
            history: history, run: run, earlier: try await store.events(last: Self.capacity))
    }

    /// The place behind the newest event.
    var last: Int64 { self.state.withLock { $0.last } }

    /// The newest event that is forgotten.
    var floor: Int64 { self.state.withLock { $0.floor } }

    /// A place as clients know it.
    func cursor(_ sequence: Int64) -> String { EventCursor(history: self.history, sequence: sequence).description }

    /// The place that a client means. Throws `expired` when what came behind it is gone, or was never here.
    func place(_ text: String) throws(ControlError) -> Int64 {
        if text == EventsSubscribe.start { return self.floor }
        let cursor = try EventCursor(text)
        guard cursor.history == self.history else {
            throw ControlError(
                .expired, "the cursor \(text) is of another daemon, or of a state that is gone; \(Self.advice)")
        }
        let (floor, last) = self.state.withLock { ($0.floor, $0.last) }
        guard cursor.sequence >= floor else {
            throw ControlError(.expired, "events behind the cursor \(text) are no longer kept; \(Self.advice)")
        }
        guard cursor.sequence <= last else {
            throw ControlError(.expired, "the cursor \(text) is ahead of all events; \(Self.advice)")
        }
        return cursor.sequence
    }

    private static let advice = "subscribe without since, then list what is there"

    /// Takes in an event; its cursor is filled in here. May be called on any thread.
    func append(_ event: EventStatus) {
        var event = event
        event.message = Self.clipped(event.message)
        event.details = event.details.mapValues(Self.clipped)
        let waiting = self.state.withLock { state in
            state.last = state.nextNumber
            state.nextNumber += 1
            event.cursor = self.cursor(state.last)
            state.events.append(
                StoredEvent(
                    sequence: state.last, kind: event.event, infoHash: event.infoHash, text: event.jsonText))
            if state.events.count > self.capacity {
                // Several at once, so that it is not done for each.
                let gone = state.events.count - self.capacity + self.capacity / 16
                state.floor = state.events[gone - 1].sequence
                state.events.removeFirst(gone)
            }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    private static func clipped(_ text: String) -> String {
        guard text.utf8.count > Self.longestText else { return text }
        return String(decoding: text.utf8.prefix(Self.longestText), as: UTF8.self) + "\u{2026}"
    }

    // MARK: - Following

    /// A number to follow under, until `leave`.
    func enter() -> Int {
        self.state.withLock { state in
            state.nextFollower += 1
            return state.nextFollower
        }
    }

    /// Forgets a follower.
    func leave(_ follower: Int) { self.state.withLock { _ = $0.cancelled.remove(follower) } }

    /// The events behind a place, oldest first, so many at most.
    func events(after place: Int64, limit: Int) -> Reading {
        self.state.withLock { state in
            if place < state.floor { return .expired }
            if place >= state.last { return .nothing }
            var (low, high) = (0, state.events.count)
            while low < high {
                let middle = (low + high) / 2
                if state.events[middle].sequence <= place { low = middle + 1 } else { high = middle }
            }
            let found = state.events[low...].prefix(limit)
            return found.isEmpty ? .nothing : .events(Array(found))
        }
    }

    /// Waits until there is an event behind a place. False when the follower was told to stop, or its task was.
    func wait(after place: Int64, _ follower: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGo = self.state.withLock { state in
                    if state.last > place || state.cancelled.contains(follower) { return true }
                    state.waiting[follower] = continuation
                    return false
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            self.stop(follower)
        }
        return self.state.withLock { !$0.cancelled.contains(follower) }
    }

    /// Has a follower stop waiting.
    func stop(_ follower: Int) {
        let continuation = self.state.withLock { state in
            state.cancelled.insert(follower)
            return state.waiting.removeValue(forKey: follower)
        }
        continuation?.resume()
    }
}
