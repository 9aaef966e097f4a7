// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging

/// Writes log events to standard error, one line each.
///
/// On a terminal a line begins with time and level; anywhere else with the `<n>` that journald takes for the priority
/// (sd-daemon(3)) and without a time, because the journal has its own.
package struct ConsoleLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    private var gate: LevelGate
    private let isTerminal: Bool

    /// A handler that drops events below the volume of the moment.
    package init(volume: LogVolume, isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        self.gate = LevelGate(volume)
        self.isTerminal = isTerminal
    }

    package var logLevel: Logger.Level {
        get { self.gate.level }
        set { self.gate.level = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = self.metadata.merging(event.metadata ?? [:]) { $1 }
        Self.write(Self.line(event.level, "\(event.message)", fields, isTerminal: self.isTerminal, time: Self.clock()))
    }

    /// The whole line, its end included. Control characters inside are written out, so that nobody can forge a line.
    static func line(
        _ level: Logger.Level, _ message: String, _ fields: Logger.Metadata, isTerminal: Bool, time: String
    ) -> String {
        var text = isTerminal ? "\(time) \(level.rawValue): " : "<\(level.priority)>"
        text += message
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) { text += " \(key)=\(Self.quoted("\(value)"))" }
        return LogText.printable(text) + "\n"
    }

    private static func quoted(_ value: String) -> String {
        value.contains(" ") || value.isEmpty ? "\"\(value)\"" : value
    }

    private static func clock() -> String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// One write a line: lines of different threads do not mix. What cannot be written is lost, as logs are.
    @Sendable static func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
