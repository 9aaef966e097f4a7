// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import StateStore
import SwarmEvents
import SwarmModel
import Testing

@testable import SwarmDaemon

@Suite struct EventJournalTests {
    private static func event(_ message: String, of infoHash: InfoHash? = nil, kind: EventKind = .torrentAdded)
        -> EventStatus
    {
        EventStatus(
            cursor: "", time: 1, event: kind.rawValue, level: "notice", message: message, infoHash: infoHash)
    }

    /// The events in lines of notifications.
    static func events(_ lines: [UInt8]?) throws -> [EventStatus] {
        try (lines ?? []).split(separator: UInt8(ascii: "\n")).map { line in
            guard case .event(let event) = try #require(try ControlNotification(line: Array(line))) else {
                throw ControlError(.internalError, "another notification")
            }
            return event
        }
    }

    @Test func `a cursor reads back as it was written`() throws {
        let cursor = EventCursor(history: 0xAB, sequence: EventCursor.beginning(ofRun: 3) + 17)
        #expect(cursor.description == "000000ab-3-17")
        #expect(try EventCursor(cursor.description) == cursor)
    }

    @Test(arguments: [
        "", "x", "000000ab-3", "000000ab-3-17-1", "ab-3-17", "000000ab--1-3", "000000ab-3-4294967296", "--",
    ])
    func `what is no cursor is refused`(text: String) {
        #expect { try EventCursor(text) } throws: { ($0 as? ControlError)?.code == .invalidParams }
    }

    @Test func `a subscriber hears of everything behind its cursor, in order`() async throws {
        let journal = EventJournal(history: 1, run: 1, earlier: [])
        for number in 0..<10 { journal.append(Self.event("\(number)")) }
        let all = EventSubscription(journal, after: try journal.place(EventsSubscribe.start))
        let heard = try Self.events(await all.next())
        #expect(heard.map(\.message) == (0..<10).map { "\($0)" })
        let rest = EventSubscription(journal, after: try journal.place(heard[6].cursor))
        #expect(try Self.events(await rest.next()).map(\.message) == ["7", "8", "9"])
    }

    @Test func `a subscriber that waits is woken by the next event`() async throws {
        let journal = EventJournal(history: 1, run: 1, earlier: [])
        let subscription = EventSubscription(journal, after: journal.last)
        async let heard = subscription.next()
        journal.append(Self.event("now"))
        #expect(try Self.events(await heard).map(\.message) == ["now"])
    }

    @Test func `a subscriber whose client has gone waits no more`() async throws {
        let journal = EventJournal(history: 1, run: 1, earlier: [])
        let subscription = EventSubscription(journal, after: journal.last)
        async let heard = subscription.next()
        subscription.cancel()
        #expect(await heard == nil)
        let task = Task { await EventSubscription(journal, after: journal.last).next() }
        task.cancel()
        #expect(await task.value == nil)
    }

    @Test func `filters let through what is asked for`() async throws {
        let journal = EventJournal(history: 1, run: 1, earlier: [])
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 9, count: 20)))
        journal.append(Self.event("other"))
        journal.append(Self.event("mine", of: hash))
        journal.append(Self.event("removed", of: hash, kind: .torrentRemoved))
        let mine = EventSubscription(journal, after: journal.floor, infoHash: hash)
        #expect(try Self.events(await mine.next()).map(\.message) == ["mine", "removed"])
        let kinds = EventSubscription(journal, after: journal.floor, kinds: ["torrent-removed"])
        #expect(try Self.events(await kinds.next()).map(\.message) == ["removed"])
    }

    @Test func `memory is bounded, and who falls behind is told so and dropped`() async throws {
        let journal = EventJournal(history: 1, run: 1, earlier: [])
        let slow = EventSubscription(journal, after: journal.last)
        let start = journal.cursor(journal.last)
        let long = String(repeating: "ü", count: 100_000)
        for number in 0...EventJournal.capacity { journal.append(Self.event("\(number) \(long)")) }
        guard case .events(let kept) = journal.events(after: journal.floor, limit: .max) else {
            Issue.record("nothing is kept")
            return
        }
        #expect(kept.count <= EventJournal.capacity && kept.allSatisfy { $0.text.count < 3_000 })
        let line = try #require(await slow.next())
        guard case .dropped(let notice) = try ControlNotification(line: Array(line.dropLast())) else {
            Issue.record("no notice")
            return
        }
        #expect(notice.cursor == start)
        #expect(await slow.next() == nil)
        #expect { try journal.place(start) } throws: { ($0 as? ControlError)?.code == .expired }
    }

    @Test func `a cursor of another state, or from ahead, is expired`() throws {
        let journal = EventJournal(history: 1, run: 1, earlier: [])
        for text in ["00000002-1-0", "00000001-1-1", "00000001-2-0", "00000001-0-9"] {
            #expect { try journal.place(text) } throws: { ($0 as? ControlError)?.code == .expired }
        }
        #expect(try journal.place("00000001-1-0") == journal.last)
    }

    @Test func `a cursor survives a restart, clean or not`() async throws {
        try await DaemonFixture.withFolder { folder in
            var cursors: [String] = []
            do {
                let store = try await DaemonFixture.state(in: folder)
                let journal = try await EventJournal.open(store)
                let archive = EventArchive(journal: journal, state: store, logger: DaemonFixture.quiet)
                for number in 0..<5 { journal.append(Self.event("first \(number)")) }
                #expect(await archive.flush())
                // Seen by a client, and lost with the daemon.
                journal.append(Self.event("first 5"))
                cursors = try Self.events(await EventSubscription(journal, after: journal.floor).next()).map(\.cursor)
            }
            let store = try await DaemonFixture.state(in: folder)
            let journal = try await EventJournal.open(store)
            // Nothing has happened since: nobody is called back in vain.
            let idle = EventSubscription(journal, after: try journal.place(cursors[4]))
            async let heard = idle.next()
            journal.append(Self.event("second 0"))
            #expect(try Self.events(await heard).map(\.message) == ["second 0"])
            let rest = EventSubscription(journal, after: try journal.place(cursors[2]))
            #expect(try Self.events(await rest.next()).map(\.message) == ["first 3", "first 4", "second 0"])
            let unsaved = EventSubscription(journal, after: try journal.place(cursors[5]))
            #expect(try Self.events(await unsaved.next()).map(\.message) == ["second 0"])
        }
    }

    @Test func `what happens before anybody writes it down is written down too`() async throws {
        try await DaemonFixture.withFolder { folder in
            for run in 1...2 {
                let store = try await DaemonFixture.state(in: folder)
                let journal = try await EventJournal.open(store)
                journal.append(Self.event("started \(run)"))
                let archive = EventArchive(journal: journal, state: store, logger: DaemonFixture.quiet)
                journal.append(Self.event("stopped \(run)"))
                #expect(await archive.flush())
            }
            let journal = try await EventJournal.open(try await DaemonFixture.state(in: folder))
            let kept = try Self.events(await EventSubscription(journal, after: journal.floor).next())
            #expect(kept.map(\.message) == ["started 1", "stopped 1", "started 2", "stopped 2"])
        }
    }

    @Test func `what is forgotten is forgotten on the disk too`() async throws {
        try await DaemonFixture.withFolder { folder in
            let store = try await DaemonFixture.state(in: folder)
            let journal = try await EventJournal.open(store)
            let archive = EventArchive(journal: journal, state: store, logger: DaemonFixture.quiet)
            for number in 0...EventJournal.capacity {
                journal.append(Self.event("\(number)"))
                if number % 1_000 == 0 { #expect(await archive.flush()) }
            }
            #expect(await archive.flush())
            let kept = try await store.events(last: .max >> 1)
            #expect(kept.count <= EventJournal.capacity && kept.last?.sequence == journal.last)
        }
    }

    @Test func `what is logged of a torrent is told to clients, whatever the log lets through`() async throws {
        let journal = EventJournal(history: 1, run: 1, earlier: [])
        let record = RecordingLogHandler.Record()
        var outlet = Logger(label: "test") { _ in RecordingLogHandler(record: record) }
        outlet.logLevel = .error
        let logger = EventTap.tapping(outlet, journal)
        let hash = String(repeating: "ab", count: 20)
        logger.event(
            .torrentFinished, "release is complete",
            ["torrent.id": "\(hash)", "torrent.name": "release", "store.path": "/srv"])
        logger.event(.torrentSuspended, "the disk is full")
        logger.event(.trackerFailed, at: .debug, "not so important")
        logger.error("no event")
        let heard = try Self.events(await EventSubscription(journal, after: journal.floor).next())
        #expect(heard.map(\.event) == ["torrent-finished", "torrent-suspended"])
        #expect(heard[0].infoHash?.description == hash && heard[0].name == "release" && heard[0].level == "notice")
        #expect(heard[0].details == ["store.path": "/srv"])
        #expect(record.all.map(\.message) == ["the disk is full", "no event"])
    }
}
