// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Glibc
import SwarmConfig
import SwarmModel
import Synchronization
import Testing

@testable import SwarmDaemon

@Suite struct HookTests {
    private static func event(_ kind: String = "torrent-finished") -> EventStatus {
        EventStatus(
            cursor: "c", time: 1, event: kind, level: "notice", message: "a; rm -rf $HOME `x`\u{0}",
            infoHash: InfoHash(bytes: [UInt8](repeating: 0xAB, count: 20)), name: "x=\"y\" 'z'",
            details: ["store.path": "/srv/a b", "torrent.labels": "l,m", "bad key": "never", "event": "other"])
    }

    private static func script(_ text: String, in folder: String, _ name: String = "hook") throws -> String {
        let path = folder + "/" + name
        try DaemonFixture.write(Array("#!/bin/sh\n\(text)\n".utf8), to: path)
        chmod(path, 0o755)
        return path
    }

    private static func run(_ command: String, _ timeout: Interval = .seconds(600)) async -> (
        failure: String?, lines: [String]
    ) {
        let lines = Mutex<[String]>([])
        let hook = HookRun(command: command, event: Self.event(), socket: "/s", timeout: timeout)
        let failure = await hook.run { line in lines.withLock { $0.append(line) } }
        return (failure, lines.withLock { $0 })
    }

    @Test func `a command hears of the event as it is, and no shell does`() async throws {
        try await DaemonFixture.withFolder { folder in
            let path = try Self.script(
                #"printf '%s|' "$1" "$SWARM_EVENT" "$SWARM_MESSAGE" "$SWARM_TORRENT" "$SWARM_TORRENT_NAME" "# + "\\\n"
                    + #""$SWARM_STORE_PATH" "$SWARM_TORRENT_LABELS" "$SWARM_SOCKET" "$PWD"; env | grep -c 'bad'"#,
                in: folder)
            let (failure, lines) = await Self.run(path)
            // grep found none, which is a failure to it.
            #expect(failure?.hasSuffix("failed with exit status 1") == true)
            let hash = String(repeating: "ab", count: 20)
            #expect(
                lines == [
                    "torrent-finished|torrent-finished|a; rm -rf $HOME `x`|\(hash)|x=\"y\" 'z'|/srv/a b|l,m|/s|/|0"
                ])
        }
    }

    @Test func `one that fails, is missing, cannot be run or takes too long is told of`() async throws {
        try await DaemonFixture.withFolder { folder in
            func failure(_ command: String, _ timeout: Interval = .seconds(600)) async -> String {
                await Self.run(command, timeout).failure ?? ""
            }
            #expect(await failure(try Self.script("exit 3", in: folder)).hasSuffix("failed with exit status 3"))
            #expect(await failure(try Self.script("kill -9 $$", in: folder)).hasSuffix("was ended by signal 9"))
            let endless = try Self.script("exec sleep 1000", in: folder)
            #expect(await failure(endless, .milliseconds(20)).contains("hook.timeout"))
            chmod(folder + "/hook", 0o644)
            #expect(await failure(folder + "/hook").contains("Permission denied"))
            #expect(await failure(folder + "/none").contains("No such file"))
        }
    }

    @Test func `what a command leaves running ends with it, and nothing waits for that`() async throws {
        try await DaemonFixture.withFolder { folder in
            let path = try Self.script("sleep 1000 & echo $!", in: folder)
            let (failure, lines) = await Self.run(path)
            #expect(failure == nil && lines.count == 1)
            let left = try #require(lines.first.flatMap { pid_t($0) })
            // It is init's to wait for, which may take a moment; then there is no such process.
            while kill(left, 0) == 0, !Self.isZombie(left) { await Task.yield() }
        }
    }

    private static func isZombie(_ process: pid_t) -> Bool {
        guard let text = try? DaemonFixture.read("/proc/\(process)/stat") else { return true }
        return String(decoding: text, as: UTF8.self).contains(") Z ")
    }

    @Test func `output is cut into lines, and of too much of it the beginning is kept`() {
        var output = HookOutput()
        #expect(output.take(Array("one\n\ntw".utf8)[...]) == ["one"])
        #expect(output.take(Array("o\n".utf8)[...]) == ["two"])
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 2_000)
        #expect(output.take(long[...]).isEmpty)
        #expect(output.take([10]) == [String(repeating: "x", count: HookOutput.longestLine) + "\u{2026}"])
        let many = Array(String(repeating: "l\n", count: 100).utf8)
        #expect(output.take(many[...]).count == HookOutput.mostLines - 3)
        #expect(output.take(Array("end".utf8)[...]).isEmpty)
        #expect(output.finish() == ["(and 54 more lines)"])
        var short = HookOutput()
        #expect(short.take(Array("no end".utf8)[...]).isEmpty && short.finish() == ["no end"])
    }

    @Test func `events of the kinds that are wanted run it, in order, and its own failures do not`() async throws {
        try await DaemonFixture.run { daemon in
            let path = try Self.script(
                #"echo "$SWARM_MESSAGE" >>\#(daemon.folder)/out; [ "$SWARM_MESSAGE" = last ] && kill -9 $$; true"#,
                in: daemon.folder)
            let running = daemon.methods.services.running
            running.current.hook.command = path
            running.current.hook.events = ["torrent-finished", "hook-failed"]
            let journal = daemon.methods.journal
            let hooks = HookService(
                journal: journal, running: running, logger: EventTap.tapping(DaemonFixture.quiet, journal))
            let failures = EventSubscription(journal, after: journal.last, kinds: ["hook-failed"])
            let start = journal.last
            let task = Task { await hooks.follow(after: start) }
            for (kind, message) in [
                ("torrent-finished", "one"), ("torrent-added", "other"), ("torrent-finished", "two"),
                ("torrent-finished", "last"),
            ] {
                journal.append(EventStatus(cursor: "", time: 1, event: kind, level: "notice", message: message))
            }
            // The last one fails, which is an event itself.
            let heard = try #require(await failures.next())
            #expect(String(decoding: heard, as: UTF8.self).contains("was ended by signal 9"))
            task.cancel()
            await task.value
            let text = String(decoding: try DaemonFixture.read(daemon.folder + "/out"), as: UTF8.self)
            #expect(text == "one\ntwo\nlast\n")
        }
    }

    @Test func `a kind of event that there is not is refused with the nearest`() async throws {
        try await ConfiguredDaemon.run { configured in
            try await configured.reload("[hook]\nevents = [\"torrent-finishd\"]\n")
            #expect(configured.running.hook.events == ["torrent-finished"])
            #expect(configured.log.all.contains { $0.message.contains("did you mean torrent-finished?") })
            try await configured.reload("[hook]\nevents = [\"torrent-added\"]\nat_once = 3\n")
            #expect(configured.running.hook.events == ["torrent-added"] && configured.running.hook.atOnce == 3)
            // Whoever may add torrents may not say what runs as the daemon.
            await #expect(throws: ControlError.self) {
                try await configured.keeper.set("hook.command", to: "/bin/sh")
            }
            let setting = try await configured.keeper.settings("hook.command").settings.first
            #expect(setting?.live == false && configured.running.hook.command == nil)
        }
    }
}
