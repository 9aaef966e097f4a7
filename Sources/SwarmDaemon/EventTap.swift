// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import SwarmEvents
import SwarmModel

/// Stands before the log and copies every event of a kind into the journal for clients, whatever the log lets through.
struct EventTap: LogHandler {
    /// The least important level that clients are told of.
    private static let leastLevel = Logger.Level.info

    private var inner: any LogHandler
    private let journal: EventJournal

    init(_ inner: any LogHandler, journal: EventJournal) {
        self.inner = inner
        self.journal = journal
    }

    /// The same logger with the tap before it.
    static func tapping(_ logger: Logger, _ journal: EventJournal) -> Logger {
        Logger(label: logger.label) { _ in EventTap(logger.handler, journal: journal) }
    }

    var metadata: Logger.Metadata {
        get { self.inner.metadata }
        set { self.inner.metadata = newValue }
    }

    var logLevel: Logger.Level {
        get { min(self.inner.logLevel, Self.leastLevel) }
        set { self.inner.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.inner[metadataKey: key] }
        set { self.inner[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        if event.level >= Self.leastLevel, let kind = event.metadata?[Logger.eventKey] {
            self.journal.append(self.status("\(kind)", event))
        }
        if event.level >= self.inner.logLevel { self.inner.log(event: event) }
    }

    private func status(_ kind: String, _ event: LogEvent) -> EventStatus {
        var details: [String: String] = [:]
        for (key, value) in self.metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            details[key] = "\(value)"
        }
        details[Logger.eventKey] = nil
        let infoHash = details.removeValue(forKey: "torrent.id").flatMap { InfoHash(hex: $0) }
        let name = details.removeValue(forKey: "torrent.name")
        return EventStatus(
            cursor: "", time: Int(WallClock.now()), event: kind, level: event.level.rawValue,
            message: "\(event.message)", infoHash: infoHash, name: name, details: details)
    }
}
