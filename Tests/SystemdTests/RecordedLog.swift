// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// A log that remembers what was written to it.
final class RecordedLog: Sendable {
    private let texts = Mutex<[String]>([])

    /// `event: message` of each line.
    var lines: [String] { self.texts.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(log: RecordedLog) {
            self.log = log
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let kind = event.metadata?["event"].map { "\($0)" } ?? "none"
            self.log.texts.withLock { $0.append("\(kind): \(event.message)") }
        }
    }
}
