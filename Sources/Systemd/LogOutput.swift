// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging
import SwarmEvents

/// Where a program's log goes.
package enum LogOutput: Hashable, Sendable {
    /// Records with fields, to the system's journal.
    case journal
    /// Lines, to standard error.
    case standardError

    /// What a configuration asks for: `journal`, `stderr`, or anything else for the automatic choice.
    package init(named name: String) {
        switch name {
        case "journal": self = .journal
        case "stderr": self = .standardError
        default: self = .automatic()
        }
    }

    /// The journal when standard error leads there anyway, as a service manager sets it up; else standard error.
    package static func automatic() -> LogOutput {
        let stream = getenv("JOURNAL_STREAM").map { String(cString: $0) }
        return Journal.isBehind(STDERR_FILENO, stream: stream) ? .journal : .standardError
    }

    /// Says why the program called `program` ends before it has begun: to people on standard error in their words, to the
    /// journal as one record a line.
    package func tellStartFailed(_ program: String, _ message: String) {
        let logger = self.logger(program, volume: LogVolume(.error))
        for line in message.split(separator: "\n") {
            switch self {
            case .journal: logger.event(.startFailed, "\(line)", ["error.message": "\(line)"])
            case .standardError: ConsoleLogHandler.write("\(program): \(line)\n")
            }
        }
    }

    /// The logger of the program called `program`.
    package func logger(_ program: String, volume: LogVolume) -> Logger {
        Logger(label: program) { _ in
            switch self {
            case .journal: JournalLogHandler(identifier: program, volume: volume)
            case .standardError: ConsoleLogHandler(volume: volume)
            }
        }
    }
}
