// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Keeps the lines that are logged.
struct LineLogHandler: LogHandler {
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { self.lines.withLock { $0 } }

        func append(_ line: String) { self.lines.withLock { $0.append(line) } }
    }

    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    let lines: Lines

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) { self.lines.append(event.message.description) }
}
