// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Synchronization
import Testing

@testable import Systemd

@Suite struct LogOutputTests {
    private final class Lines: Sendable {
        let texts = Mutex<[String]>([])
    }

    @Test func `what the journal does not take goes to standard error`() {
        let lines = Lines()
        var logger = Logger(label: "swarmd") { _ in
            JournalLogHandler(
                identifier: "swarmd", volume: LogVolume(.info), send: { _ in false },
                fallback: { line in lines.texts.withLock { $0.append(line) } })
        }
        logger[metadataKey: "torrent.id"] = "ab"
        logger.error("disk on fire")
        logger.debug("not told")
        #expect(lines.texts.withLock { $0 } == ["<3>disk on fire torrent.id=ab\n"])
    }

    @Test func `what the journal takes is told once, with the logger's own fields`() {
        let (taken, lines) = (Lines(), Lines())
        var logger = Logger(label: "swarmd") { _ in
            JournalLogHandler(
                identifier: "swarmd", volume: LogVolume(.info),
                send: { record in
                    taken.texts.withLock { $0 += record.fields.map { String(decoding: $0, as: UTF8.self) } }
                    return true
                }, fallback: { line in lines.texts.withLock { $0.append(line) } })
        }
        logger[metadataKey: "torrent.id"] = "ab"
        logger.notice("hello", metadata: ["torrent.name": "alma"])
        #expect(
            taken.texts.withLock { $0 } == [
                "MESSAGE=hello", "PRIORITY=5", "SYSLOG_IDENTIFIER=swarmd", "SWARM_TORRENT=ab",
                "SWARM_TORRENT_NAME=alma",
            ])
        #expect(lines.texts.withLock { $0.isEmpty })
    }

    @Test func `the journal is behind a descriptor when device and inode are those of its stream`() throws {
        let descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        try #require(fstat(descriptor, &status) == 0)
        #expect(Journal.isBehind(descriptor, stream: "\(status.st_dev):\(status.st_ino)"))
        #expect(!Journal.isBehind(descriptor, stream: "\(status.st_dev):\(status.st_ino + 1)"))
        for stream in [nil, "", "5", "a:b", "1:2:3"] { #expect(!Journal.isBehind(descriptor, stream: stream)) }
    }

    @Test(arguments: [
        (false, "<4>a\\nb k=\"c d\" z=1\n"), (true, "12:00:00 warning: a\\nb k=\"c d\" z=1\n"),
    ])
    func `lines are for a person on a terminal and have a priority elsewhere`(isTerminal: Bool, line: String) {
        let made = ConsoleLogHandler.line(
            .warning, "a\nb", ["z": "1", "k": "c d"], isTerminal: isTerminal, time: "12:00:00")
        #expect(made == line)
    }

    @Test func `a configuration may name the output`() {
        #expect(LogOutput(named: "journal") == .journal)
        #expect(LogOutput(named: "stderr") == .standardError)
        #expect(LogOutput(named: "auto") == LogOutput.automatic())
    }
}
