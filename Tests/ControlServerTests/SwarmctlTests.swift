// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import FoundationEssentials
import Glibc
import SwarmModel
import Synchronization
import Testing

@Suite(.enabled(if: SwarmctlProgram.path != nil, "swarmctl is not built beside the tests"))
struct SwarmctlTests {
    /// Runs a body with a pretended daemon, its socket's path and the program.
    private func withDaemon(
        _ daemon: PretendDaemon = PretendDaemon(),
        _ body: @escaping @Sendable (SwarmctlProgram, String, PretendDaemon) async throws -> Void
    ) async throws {
        try await ServerFixture.run(router: daemon.router) { path in
            let folder = try ServerFixture.folder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await body(SwarmctlProgram(folder: folder), path, daemon)
        }
    }

    @Test func `the list as JSON is what the daemon says, wherever the options stand`() async throws {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock { $0.lists = [[PretendDaemon.summary(.seeding, 1)]] }
            let expected = """
                {"torrents":[{"down_rate":0,"downloaded":0,"error":null,"eta":null,\
                "info_hash":"\(PretendDaemon.hash)","labels":[],"name":"release","peers":0,"progress":1,\
                "queue_position":null,"seeds":0,"size":1048576,"state":"seeding","up_rate":0,\
                "uploaded":0}]}

                """
            for arguments in [
                ["--socket", socket, "list", "--json"], ["--json", "--socket=\(socket)", "list"],
                ["list", "--json", "--socket", socket],
            ] {
                let outcome = try await program.run(arguments)
                #expect(outcome.output == expected)
                #expect(outcome.status == 0 && outcome.errors.isEmpty)
            }
            let outcome = try await program.run(["list"], environment: ["SWARM_SOCKET=\(socket)"])
            #expect(outcome.output.contains("01234567  release  seeding  100%"))
            #expect(!outcome.output.contains("\u{1B}"))
        }
    }

    @Test func `a daemon that is not there is exit status 3 and the line that starts it`() async throws {
        let folder = try ServerFixture.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let outcome = try await SwarmctlProgram(folder: folder).run(["list", "--socket", "/tmp/no-such-socket"])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("/tmp/no-such-socket"))
        #expect(outcome.errors.contains("systemctl start swarmd"))
        #expect(outcome.output.isEmpty)
    }

    @Test(arguments: [
        ["lst"], ["list", "--bogus"], ["show"], ["add", "x", "--wait", "--paused"],
        ["share", "x", "--piece-size", "17"], ["share", "x", "--name", "y"], ["search", "--limit", "0"],
        ["config", "--unset"],
        ["config", "--unset", "log.level=x"], ["set", "release"], ["set", "release", "pickr=x"],
        ["set", "release", "picker"], ["set", "a", "picker=x", "b"], ["priority", "a", "x=low", "b"],
        ["priority", "a"], ["label", "a", "+x", "b"], ["strategy", "picker=x", "other"],
        ["strategy", "picker=a", "picker=b"],
        ["--socket"], ["set", "picker=x"], ["tracker", "stat"],
    ])
    func `wrong usage is exit status 2`(arguments: [String]) async throws {
        let outcome = try await SwarmctlProgram(folder: "/tmp").run(arguments)
        #expect(outcome.status == 2)
        #expect(!outcome.errors.isEmpty && outcome.output.isEmpty)
        let json = try await SwarmctlProgram(folder: "/tmp").run(arguments + ["--json"])
        #expect(json.status == 2)
        #expect(json.output.hasPrefix(#"{"error":{"code":-32602"#) || arguments == ["--socket"])
    }

    @Test(arguments: [["--help"], ["help", "add"], ["list", "--help"], []])
    func `help is exit status 0 and goes to standard output`(arguments: [String]) async throws {
        let outcome = try await SwarmctlProgram(folder: "/tmp").run(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE") && outcome.errors.isEmpty)
    }

    @Test func `a torrent file is read here, and paths become absolute`() async throws {
        try await self.withDaemon { program, socket, daemon in
            try Data([9, 8, 7]).write(to: URL(filePath: program.folder + "/a.torrent"))
            let outcome = try await program.run([
                "--socket", socket, "add", "a.torrent", "--dir", "down/x", "--paused", "--picker", "p", "--tracker",
                "t",
            ])
            #expect(outcome.output == "added 01234567  release (checking)\n")
            #expect(outcome.status == 0)
            let expected = TorrentAdd.Params(
                source: .metainfo(Base64Bytes([9, 8, 7])), dir: program.folder + "/down/x", paused: true, picker: "p",
                trackers: ["t"])
            #expect(daemon.state.withLock { $0.added } == [expected])
            let missing = try await program.run(["--socket", socket, "add", "none.torrent"])
            #expect(missing.status == 1)
            #expect(missing.errors.contains("none.torrent"))
        }
    }

    @Test(arguments: [
        (ControlErrorCode.malformedTorrent, "swarmctl: bad.torrent: why\n"), (.exists, "swarmctl: bad.torrent: why\n"),
        (.refused, "swarmctl: bad.torrent: why\n"), (.storage, "swarmctl: why\n"), (.permission, "swarmctl: why\n"),
    ])
    func `a refusal that is about the torrent file names it`(code: ControlErrorCode, words: String) async throws {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock { $0.refusal = ControlError(code, "why") }
            try Data([1]).write(to: URL(filePath: program.folder + "/bad.torrent"))
            let outcome = try await program.run(["add", "bad.torrent", "--socket", socket])
            #expect(outcome.errors == words)
            #expect(outcome.status == 1)
            let magnet = try await program.run(["add", "magnet:?x", "--socket", socket])
            #expect(magnet.errors == "swarmctl: why\n")
        }
    }

    @Test func `waiting shows plain lines in a pipe and ends when it is complete`() async throws {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock {
                $0.lists = [[PretendDaemon.summary(.downloading, 0.5)], [PretendDaemon.summary(.seeding, 1)]]
            }
            let outcome = try await program.run(["--socket", socket, "add", "magnet:?xt=urn:btih:x", "--wait"])
            #expect(outcome.status == 0)
            #expect(outcome.output.hasPrefix("release: 50.0%"))
            #expect(outcome.output.hasSuffix("complete: release, 1.0 MiB\n"))
            #expect(!outcome.output.contains("\r"))
        }
    }

    @Test func `waiting for what is suspended is exit status 1 with the reason`() async throws {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock { $0.lists = [[PretendDaemon.summary(.suspended, 0.5, error: "disk full")]] }
            let outcome = try await program.run(["--socket", socket, "add", "magnet:?x", "--wait", "--json"])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("release: disk full"))
            #expect(outcome.output.hasPrefix(#"{"error":{"code":-32003"#))
        }
    }

    @Test func `sharing waits for its job and writes the torrent file`() async throws {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock {
                $0.jobs = [
                    JobStatus(job: 3, kind: .share, state: .running, done: 1, total: 2),
                    JobStatus(job: 3, kind: .share, state: .done, done: 2, total: 2, infoHash: PretendDaemon.hash),
                ]
            }
            let outcome = try await program.run([
                "share", "data", "--socket", socket, "--output", "x.torrent", "--hybrid", "--piece-size", "1MiB",
            ])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("50.0%, hashing, 1 B of 2 B\nshared:    release\n"))
            #expect(outcome.output.contains("info-hash: \(PretendDaemon.hash)"))
            #expect(try Data(contentsOf: URL(filePath: program.folder + "/x.torrent")) == Data([1, 2, 3]))
            let expected = TorrentShare.Params(path: program.folder + "/data", pieceLength: 1 << 20, kind: .hybrid)
            #expect(daemon.state.withLock { $0.shared } == [expected])
        }
    }

    @Test func `what is shared is v1 unless it is wished otherwise, and nothing is shown before there is something`()
        async throws
    {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock {
                $0.jobs = [
                    JobStatus(job: 3, kind: .share, state: .running, done: 0, total: 0),
                    JobStatus(job: 3, kind: .share, state: .done, done: 0, total: 0, infoHash: PretendDaemon.hash),
                ]
            }
            let outcome = try await program.run(["share", "/data", "--socket", socket])
            #expect(outcome.output.hasPrefix("shared:    release\n"))
            #expect(daemon.state.withLock { $0.shared } == [TorrentShare.Params(path: "/data", kind: .v1)])
        }
    }

    @Test func `verifying ends with what was found`() async throws {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock {
                $0.jobs = [JobStatus(job: 3, kind: .verify, state: .done, done: 9, total: 9, good: 5, lost: 2)]
            }
            let outcome = try await program.run(["verify", "release", "--wait", "--socket", socket])
            #expect(outcome.output == "release: 5 of 0 pieces are good, 2 had been damaged\n")
            #expect(outcome.status == 0)
        }
    }

    @Test func `a job that fails is exit status 1 with its error`() async throws {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock {
                let error = ControlError(.storage, "/data: no such file or directory")
                $0.jobs = [JobStatus(job: 3, kind: .share, state: .failed, done: 0, total: 0, error: error)]
            }
            let outcome = try await program.run(["share", "data", "--socket", socket])
            #expect(outcome.status == 1)
            #expect(outcome.errors == "swarmctl: /data: no such file or directory\n")
        }
    }

    @Test func `a key is shown, set, and taken back in two ways`() async throws {
        try await self.withDaemon { program, socket, daemon in
            let all = try await program.run(["config", "--socket", socket])
            #expect(all.output.contains("log.level  \"info\"  live     /etc/swarm/swarmd.toml:3\n"), "\(all.output)")
            let one = try await program.run(["config", "peer.connections", "--socket", socket])
            #expect(one.output.contains("key:     peer.connections\n") && one.output.contains("What it does."))
            let set = try await program.run(["config", "log.level=a=b c", "--socket", socket])
            #expect(set.output == "log.level = a=b c, until the next reload or restart (the files say \"info\")\n")
            let back = try await program.run(["config", "log.level=", "--socket", socket])
            #expect(back.output == "log.level = \"info\", the default\n")
            #expect(try await program.run(["config", "--unset", "log.level", "--socket", socket]).status == 0)
            let changes = daemon.state.withLock { $0.settings }
            #expect(changes.map(\.key) == ["log.level", "log.level", "log.level"])
            #expect(changes.map(\.value) == ["a=b c", nil, nil])
            let json = try await program.run(["config", "log.level", "--json", "--socket", socket])
            #expect(json.output.hasPrefix(#"{"path":"/etc/swarm/swarmd.toml","settings":[{"accepts":"words""#))
        }
    }

    @Test func `limits of all torrents are a table for people, and the daemon's answers for programs`() async throws {
        try await self.withDaemon { program, socket, daemon in
            daemon.state.withLock {
                $0.values = ["limits.download": #""10 MiB""#, "limits.upload": #""0 B""#, "limits.schedule": "[]"]
            }
            let words = try await program.run(["limit", "--socket", socket])
            let table = "all torrents together:\nWHEN          DOWN        UP\nalways  10.0 MiB/s  no limit\n"
            #expect(words.output == table, "\(words)")
            let json = try await program.run(["limit", "--json", "--socket", socket])
            #expect(json.output.hasPrefix(#"{"results":[{"path":"/etc/swarm/swarmd.toml","settings":[{"accepts""#))
            #expect(json.output.contains(#""key":"limits.download""#), "\(json)")
            #expect(json.output.contains(#""value":"\"10 MiB\"""#), "\(json)")
        }
    }

    @Test(arguments: [
        (["list", "--state", "pausd"], "did you mean paused?"), (["queue", "tpo", "x"], "did you mean top?"),
        (["completion", "zhs"], "did you mean zsh?"), (["priority", "x", "a=hihg"], "did you mean high?"),
        (["set", "x", "pikcer=y"], "did you mean picker?"),
        (["tracker", "stat"], "did you mean \u{201C}stats\u{201D}?"),
        (["help", "lits"], "did you mean \u{201C}list\u{201D}?"),
        (["help", "tracker", "ubnan"], "did you mean \u{201C}unban\u{201D}?"),
        (["list", "--state", "anything"], "there are checking, metadata, "), (["list", "--stat", "x"], "--state"),
    ])
    func `a word that is none of those that there are gets the nearest`(
        arguments: [String], advice: String
    ) async throws {
        let outcome = try await SwarmctlProgram(folder: "/tmp").run(arguments)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(advice), "\(outcome.errors)")
    }

    @Test func `strategies are shown and chosen, for one torrent and for all`() async throws {
        try await self.withDaemon { program, socket, daemon in
            let set = try await program.run(["set", "release", "picker=sequential", "choker=", "--socket", socket])
            #expect(
                set.output == """
                    release: picker sequential (its own), choker tit-for-tat (as configured; built-in turns works in its \
                    place), compression auto (as configured), super-seeding off

                    """)
            let all = try await program.run(["strategy", "--socket", socket])
            #expect(all.output.hasPrefix("picker:     rarest-first\nchoker:     tit-for-tat\ntransports: tcp\n"))
            #expect(all.output.contains("01234567  release  sequential (its own)"), "\(all.output)")
            let one = try await program.run(["strategy", "release", "--socket", socket])
            #expect(one.output.hasPrefix("release: picker sequential (its own)"))
            let own = try await program.run(["strategy", "release", "picker=x", "--socket", socket])
            #expect(own.output.hasPrefix("release: picker x (its own)"))
            #expect(try await program.run(["strategy", "picker=a", "choker=", "--socket", socket]).status == 0)
            let chosen = daemon.state.withLock { $0.chosen }
            #expect(chosen.map(\.picker) == ["sequential", "x"] && chosen.map(\.choker) == ["default", nil])
            let settings = daemon.state.withLock { $0.settings }
            #expect(settings.map(\.key) == ["strategy.picker", "strategy.choker"])
            #expect(settings.map(\.value) == ["a", nil])
        }
    }

    @Test func `plugins are listed with what they cost, and one with what can be set of it`() async throws {
        try await self.withDaemon { program, socket, _ in
            let all = try await program.run(["plugins", "--socket", socket])
            #expect(all.output.contains("CALLS  FAULTS    MEAN  SUMMARY\n"), "\(all.output)")
            #expect(all.output.contains("    12       0  480 ns  in order\n"), "\(all.output)")
            #expect(
                all.output.hasSuffix("\nfiles that cannot be used:\n  plugin /x.so is cut short; install it again\n"))
            let one = try await program.run(["plugins", "sequential", "--socket", socket])
            #expect(one.output.contains("file:      /usr/lib/swarm/plugins/sequential.so\n"), "\(one.output)")
            #expect(
                one.output.hasSuffix(
                    "\n[strategy.sequential] ahead = 7\n  how many\n  integer, 1 to 9, default 5\n"), "\(one.output)")
            let json = try await program.run(["plugins", "sequential", "--json", "--socket", socket])
            #expect(json.output.hasPrefix(#"{"plugins":[{"calls":12"#), "\(json.output)")
            let none = try await program.run(["plugins", "sequentail", "--socket", socket])
            #expect(none.status == 1 && none.errors.contains("did you mean sequential?"))
        }
    }

    @Test func `a torrent is created without a daemon`() async throws {
        let folder = try ServerFixture.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = SwarmctlProgram(folder: folder)
        try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
        try Data(repeating: 5, count: 300_000).write(to: URL(filePath: folder + "/data/one"))
        try Data().write(to: URL(filePath: folder + "/data/empty"))
        let outcome = try await program.run([
            "create", "data", "--output", "d.torrent", "--tracker", "http://t/announce",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("created:   data"))
        let bytes = try Data(contentsOf: URL(filePath: folder + "/d.torrent"))
        #expect(bytes.starts(with: Array("d8:announce17:http://t/announce".utf8)))
        let missing = try await program.run(["create", "nothing", "--output", "n.torrent"])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("nothing"))
        try FileManager.default.createDirectory(atPath: folder + "/hollow", withIntermediateDirectories: true)
        for output in [folder, folder + "/none/x.torrent"] {
            let unwritable = try await program.run(["create", "data", "--output", output])
            #expect(unwritable.status == 1)
            #expect(unwritable.errors.hasPrefix("swarmctl: cannot write \(output): "))
            #expect(unwritable.output.isEmpty)
        }
        let hollow = try await program.run(["create", "hollow", "--output", "n.torrent"])
        #expect(hollow.status == 1)
        #expect(hollow.errors.contains("\(folder)/hollow: there is not a single byte in it"))
        #expect(access(folder + "/n.torrent", F_OK) != 0)
    }
}
