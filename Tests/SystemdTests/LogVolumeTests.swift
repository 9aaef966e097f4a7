// SPDX-License-Identifier: Apache-2.0

import Logging
import Systemd
import Testing

@Suite struct LogVolumeTests {
    @Test func `loggers that were copied before follow the volume`() {
        let volume = LogVolume(.info)
        let logger = Logger(label: "test") { _ in ConsoleLogHandler(volume: volume, isTerminal: false) }
        var copy = logger
        copy[metadataKey: "torrent.id"] = "ab"
        #expect(copy.logLevel == .info)
        volume.set(.debug)
        #expect(logger.logLevel == .debug && copy.logLevel == .debug)
        volume.set(.critical)
        #expect(logger.logLevel == .critical && copy.logLevel == .critical)
    }

    @Test func `a logger that was made quiet never becomes louder than that`() {
        let volume = LogVolume(.info)
        var quiet = Logger(label: "test") { _ in ConsoleLogHandler(volume: volume, isTerminal: false) }
        quiet.logLevel = .warning
        #expect(quiet.logLevel == .warning)
        volume.set(.trace)
        #expect(quiet.logLevel == .warning)
        volume.set(.error)
        #expect(quiet.logLevel == .error)
    }

    @Test(arguments: Logger.Level.allCases) func `every level can be set`(level: Logger.Level) {
        let volume = LogVolume(.info)
        volume.set(level)
        #expect(volume.level == level)
    }
}
