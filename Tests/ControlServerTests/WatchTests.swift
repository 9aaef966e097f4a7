// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import Glibc
import NIOPosix
import SwarmModel
import Synchronization
import Testing

/// `swarmctl watch` on a real terminal.
@Suite(
    .serialized,
    .enabled(
        if: SwarmctlProgram.path != nil && access("/dev/ptmx", R_OK | W_OK) == 0,
        "swarmctl is not built beside the tests, or there are no terminals"))
struct WatchTests {
    private static let alphabet = ["alpha", "beta", "gamma"]

    /// A daemon with three torrents, of which one can be paused.
    private static var router: ControlRouter {
        let daemon = PretendDaemon()
        var router = daemon.router
        router.on(DaemonStatus.self) { _, _ in
            DaemonStatus.Result(
                version: "1", pid: 1, uptime: 1, torrents: TorrentCounts(total: 3, downloading: 3), peers: 4,
                downRate: 1 << 20, upRate: 0, downloaded: 0, uploaded: 0, listen: [], stateDir: "/", downloadDir: "/",
                picker: "p", choker: "c")
        }
        router.on(TorrentList.self) { params, _ in
            let paused = daemon.state.withLock { !$0.settings.isEmpty }
            let all = Self.alphabet.enumerated().map { index, name in
                TorrentSummary(
                    infoHash: InfoHash(bytes: [UInt8](repeating: UInt8(index), count: 20))!, name: name,
                    state: index == 1 && paused ? .paused : .downloading, progress: 0.5, size: 1 << 30)
            }
            return .init(torrents: all.filter { $0.name.contains(params.text ?? "") }, total: all.count)
        }
        router.on(TorrentPause.self) { params, _ in
            daemon.state.withLock { $0.settings.append((params.id.text, nil)) }
            return .init(infoHash: PretendDaemon.hash, name: "x", state: .paused)
        }
        router.on(TorrentPeers.self) { _, _ in .init(peers: []) }
        router.on(TorrentPieces.self) { _, _ in
            .init(
                pieceCount: 8, pieceLength: 1 << 20, have: Base64Bytes([0xF0]), inFlight: [4],
                availability: Base64Bytes([1, 1, 1, 1, 1, 2, 0, 9]))
        }
        return router
    }

    private static func watch(
        columns: Int = 80, rows: Int = 24, environment: [String] = [],
        _ body: @escaping @Sendable (TerminalProgram) throws -> Void
    ) async throws {
        try await ServerFixture.run(router: Self.router) { path in
            try await NIOThreadPool.singleton.runIfActive {
                let program = try TerminalProgram(
                    ["--socket", path, "watch"], columns: columns, rows: rows, environment: environment)
                // The foot is drawn last.
                try program.wait { $0.contains("gamma") && $0.text[rows - 1].hasPrefix("q quit") }
                try body(program)
            }
        }
    }

    private static func isGivenBack(_ program: TerminalProgram) -> Bool {
        !program.screen.isOther && program.screen.hasCursor && program.screen.unknown.isEmpty
    }

    @Test func `the screen takes the whole terminal, follows keys and size, and gives the terminal back`() async throws
    {
        try await Self.watch { program in
            #expect(program.screen.isOther && !program.screen.hasCursor)
            #expect(program.screen.text[0].hasPrefix("3 torrents, 3 downloading"))
            #expect(program.screen.text[23].hasPrefix("q quit"))
            program.type("j")
            program.type("p")
            try program.wait { $0.text[3].hasPrefix("beta") && $0.text[3].contains("paused") }
            program.type("\r")
            try program.wait { $0.contains("4 of 8 pieces") && $0.contains("####~:!=") }
            program.type("\u{1B}")
            try program.wait { !$0.contains("of 8 pieces") }
            program.type("/alp\r")
            try program.wait { $0.contains("alpha") && !$0.contains("gamma") }
            program.resize(columns: 132, rows: 30)
            try program.wait { $0.text[29].hasPrefix("q quit") && $0.contains("SIZE") && $0.contains("alpha") }
            program.type("q")
            let status = try program.end()
            #expect(status == 0)
            #expect(Self.isGivenBack(program))
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT]) func `a signal ends it and the terminal is given back`(signal: Int32)
        async throws
    {
        try await Self.watch { program in
            program.send(signal)
            let status = try program.end()
            #expect(status == 0)
            #expect(Self.isGivenBack(program))
        }
    }

    @Test func `a trap inside gives the terminal back before it ends the program`() async throws {
        try await Self.watch { program in
            program.send(SIGTRAP)
            let status = try program.end()
            #expect(status == -SIGTRAP)
            #expect(Self.isGivenBack(program))
        }
    }

    @Test func `without colours there are none`() async throws {
        try await Self.watch(environment: ["NO_COLOR=1"]) { program in
            program.type("q")
            let status = try program.end()
            #expect(status == 0)
            #expect(!String(decoding: program.output, as: UTF8.self).contains("[31m"))
        }
    }

    @Test func `the locale says whether pieces are blocks, and the switch says no`() async throws {
        try await Self.watch(environment: ["LANG=C.UTF-8"]) { program in
            program.type("\r")
            try program.wait { $0.contains("████↓▒×▓") }
            program.type("q")
            #expect(try program.end() == 0)
            #expect(String(decoding: program.output, as: UTF8.self).contains("\u{1B}[32m████"))
        }
        try await ServerFixture.run(router: Self.router) { path in
            let program = SwarmctlProgram(folder: "/tmp")
            let words = ["pieces", "alpha", "--socket", path]
            let legend = "4 of 8 pieces of 1.0 MiB\n"
            let plain = try await program.run(words)
            #expect(plain.output.hasPrefix("####~:!=\n" + legend))
            let blocks = try await program.run(words, environment: ["LC_ALL=C.UTF-8"])
            #expect(blocks.output.hasPrefix("████↓▒×▓\n" + legend) && !blocks.output.contains("\u{1B}"))
            let chosen = try await program.run(words + ["--ascii"], environment: ["LC_ALL=C.UTF-8"])
            #expect(chosen.output == plain.output)
        }
    }

    @Test func `a daemon that is not there is told of without a screen`() async throws {
        try await NIOThreadPool.singleton.runIfActive {
            let program = try TerminalProgram(["--socket", "/tmp/no-such-socket", "watch"], columns: 80, rows: 24)
            let status = try program.end()
            #expect(status == 3)
            #expect(Self.isGivenBack(program) && program.screen.contains("systemctl start swarmd"))
        }
    }

    @Test func `where there is no terminal it draws none`() async throws {
        let outcome = try await SwarmctlProgram(folder: "/tmp").run(["watch", "--socket", "/tmp/no-such-socket"])
        #expect(outcome.status == 3 && outcome.output.isEmpty && !outcome.errors.contains("\u{1B}"))
    }
}
