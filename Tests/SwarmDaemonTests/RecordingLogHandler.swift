// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Keeps what is logged, for a test to look at.
struct RecordingLogHandler: LogHandler {
    /// What was logged so far.
    final class Record: Sendable {
        struct Line: Sendable {
            let level: Logger.Level
            let message: String
            let event: String?
        }

        private let lines = Mutex<[Line]>([])

        var all: [Line] { self.lines.withLock { $0 } }

        func append(_ line: Line) { self.lines.withLock { $0.append(line) } }
    }

    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    let record: Record

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        self.record.append(
            .init(
                level: event.level, message: event.message.description,
                event: event.metadata?["event"].map { "\($0)" }))
    }
}
