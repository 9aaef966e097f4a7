// SPDX-License-Identifier: Apache-2.0

package import Logging

extension Logger {
    /// The metadata key under which a record names its kind.
    package static let eventKey = "event"

    /// Logs an event of a kind, at the level of that kind. The message is a whole sentence for people, with the names
    /// they need; the metadata has the same once more for programs.
    package func event(
        _ kind: EventKind, _ message: @autoclosure () -> Logger.Message,
        _ metadata: @autoclosure () -> Logger.Metadata = [:], file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        self.event(kind, at: kind.level, message(), metadata(), file: file, function: function, line: line)
    }

    /// Logs an event of a kind at another level than the usual one.
    package func event(
        _ kind: EventKind, at level: Logger.Level, _ message: @autoclosure () -> Logger.Message,
        _ metadata: @autoclosure () -> Logger.Metadata = [:], file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        self.log(
            level: level, message(),
            metadata: metadata().merging([Self.eventKey: .string(kind.rawValue)]) { $1 },
            file: file, function: function, line: line)
    }
}
