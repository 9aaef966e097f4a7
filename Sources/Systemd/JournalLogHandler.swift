// SPDX-License-Identifier: Apache-2.0

package import Logging

/// Writes log events to the system's journal as records with fields. What the journal does not take goes to standard
/// error.
package struct JournalLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    private var gate: LevelGate
    private let identifier: String
    private let send: @Sendable (JournalRecord) -> Bool
    private let fallback: @Sendable (String) -> Void

    /// A handler for the program called `identifier`.
    package init(identifier: String, volume: LogVolume) {
        self.init(identifier: identifier, volume: volume, send: Journal.send, fallback: ConsoleLogHandler.write)
    }

    init(
        identifier: String, volume: LogVolume, send: @escaping @Sendable (JournalRecord) -> Bool,
        fallback: @escaping @Sendable (String) -> Void
    ) {
        self.identifier = identifier
        self.gate = LevelGate(volume)
        self.send = send
        self.fallback = fallback
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
        let metadata = self.metadata.merging(event.metadata ?? [:]) { $1 }
        let message = "\(event.message)"
        guard !self.send(JournalRecord(event.level, message, metadata, identifier: self.identifier)) else { return }
        self.fallback(ConsoleLogHandler.line(event.level, message, metadata, isTerminal: false, time: ""))
    }
}
