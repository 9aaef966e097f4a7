// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import FoundationEssentials
import SwarmModel
import Synchronization
import Testing

/// Commands that are given more than one torrent.
@Suite(.enabled(if: SwarmctlProgram.path != nil, "swarmctl is not built beside the tests"))
struct SeveralTorrentsTests {
    /// Answers to what changes a torrent, with what it was asked to change.
    private final class Changes: Sendable {
        let made = Mutex<[String]>([])

        var router: ControlRouter {
            var router = PretendDaemon().router
            @Sendable func answer(_ method: String, _ id: TorrentSelector) -> (hash: InfoHash, name: String) {
                self.made.withLock { $0.append("\(method) \(id)") }
                let hash = InfoHash(hex: id.text) ?? PretendDaemon.hash
                return (hash, PretendDaemon.named.first { $0.value == hash && $0.key != "also" }?.key ?? id.text)
            }
            @Sendable func reference(_ method: String, _ id: TorrentSelector) -> TorrentReference {
                let (hash, name) = answer(method, id)
                return TorrentReference(infoHash: hash, name: name, state: .seeding)
            }
            router.on(TorrentPause.self) { params, _ in reference("pause", params.id) }
            router.on(TorrentResume.self) { params, _ in reference("resume", params.id) }
            router.on(TorrentAnnounce.self) { params, _ in reference("announce", params.id) }
            router.on(TorrentQueue.self) { params, _ in reference("queue", params.id) }
            router.on(TorrentVerify.self) { params, _ in
                _ = answer("verify", params.id)
                return .init(job: 3)
            }
            router.on(TorrentMove.self) { params, _ in
                _ = answer("move", params.id)
                return .init(job: 3)
            }
            router.on(TorrentLimit.self) { params, _ in
                let (hash, name) = answer("limit", params.id)
                return TorrentLimits(infoHash: hash, name: name, down: params.down ?? 0, up: 0)
            }
            router.on(TorrentLabel.self) { params, _ in
                let (hash, name) = answer("label", params.id)
                return TorrentLabels(infoHash: hash, name: name, labels: params.add)
            }
            router.on(TorrentPriority.self) { params, _ in
                _ = answer("priority", params.id)
                return .init(files: [])
            }
            router.on(TorrentSet.self) { params, _ in
                let (hash, name) = answer("set", params.id)
                return TorrentStrategies(
                    infoHash: hash, name: name, picker: params.picker ?? "p", choker: "c", ownPicker: true,
                    ownChoker: false, compression: "auto", ownCompression: false, superSeeding: false)
            }
            return router
        }

        func taken() -> [String] {
            self.made.withLock { made in
                defer { made = [] }
                return made
            }
        }
    }

    /// Every command that changes the torrents it is given, with what stands around them.
    private static let commands: [(method: String, before: [String], after: [String])] = [
        ("pause", ["pause"], []), ("resume", ["resume"], []), ("announce", ["announce"], []),
        ("verify", ["verify"], []), ("queue", ["queue", "bottom"], []), ("move", ["move"], ["/srv"]),
        ("limit", ["limit", "--down", "1M"], []), ("label", ["label"], ["+x", "-y"]),
        ("priority", ["priority"], ["*=low"]), ("set", ["set"], ["picker=x"]), ("set", ["strategy"], ["picker=x"]),
    ]

    @Test(arguments: Self.commands)
    func `each command changes all that it is given, or none when one of them is not found`(
        method: String, before: [String], after: [String]
    ) async throws {
        let changes = Changes()
        try await ServerFixture.run(router: changes.router) { path in
            let program = SwarmctlProgram(folder: "/tmp")
            @Sendable func run(_ ids: [String], _ more: [String] = []) async throws -> SwarmctlProgram.Outcome {
                try await program.run(before + ids + after + ["--socket", path] + more)
            }
            let hashes = ["a", "b"].map { "\(method) \(PretendDaemon.named[$0]!)" }
            let good = try await run(["a", "also", "b"])
            #expect(good.status == 0 && good.errors.isEmpty, "\(good.errors)")
            #expect(changes.taken() == hashes, "each once, by its info-hash")
            let json = try await run(["a", "b"], ["--json"])
            #expect(json.status == 0 && json.output.hasPrefix(#"{"results":[{"#), "\(json.output)")
            #expect(changes.taken() == hashes)

            let bad = try await run(["a", "two", "none", "b"])
            #expect(bad.status == 1 && bad.output.isEmpty)
            let complaints = """
                swarmctl: two means 2 torrents
                    twofold
                    twosome
                swarmctl: no torrent is called none
                swarmctl: no torrent was changed

                """
            #expect(bad.errors == complaints)
            let badJSON = try await run(["a", "two", "none"], ["--json"])
            #expect(badJSON.status == 1 && badJSON.errors == complaints)
            #expect(badJSON.output.hasPrefix(#"{"results":[{"error":{"code":-32011,"#), "\(badJSON.output)")
            #expect(badJSON.output.contains(#""name":"twofold""#) && badJSON.output.hasSuffix(#","id":"none"}]}\#n"#))
            #expect(changes.taken().isEmpty)

            _ = try await run(["x"])
            #expect(changes.taken() == ["\(method) x"], "one alone the daemon finds itself")
        }
    }

    @Test(arguments: [
        ["set", "a", "picker=x"], ["label", "a", "+x"], ["priority", "a", "*=low"], ["move", "a", "/srv"],
    ])
    func `the answer about one torrent has no list around it where it never had`(words: [String]) async throws {
        try await ServerFixture.run(router: Changes().router) { path in
            let one = try await SwarmctlProgram(folder: "/tmp").run(words + ["--socket", path, "--json"])
            #expect(one.status == 0 && !one.output.contains("results"))
        }
    }

    @Test func `several torrents are looked at in turn, each below its heading, and an absent one keeps none away`()
        async throws
    {
        var router = PretendDaemon().router
        router.on(TorrentTrackers.self) { params, _ throws(ControlError) in
            guard params.id.text != "none" else { throw ControlError(.notFound, "no torrent is called none") }
            return .init(trackers: [])
        }
        try await ServerFixture.run(router: router) { path in
            let program = SwarmctlProgram(folder: "/tmp")
            let words = ["trackers", "a", "none", "b", "--socket", path]
            let outcome = try await program.run(words)
            #expect(outcome.status == 1)
            #expect(outcome.output == "==> a <==\nno trackers\n==> b <==\nno trackers\n")
            #expect(outcome.errors == "swarmctl: no torrent is called none\n")
            let json = try await program.run(words + ["--json"])
            #expect(json.output.hasPrefix(#"{"results":[{"trackers":[]},{"error":{"#))
            let one = try await program.run(["trackers", "a", "--socket", path, "--json"])
            #expect(one.output == "{\"trackers\":[]}\n")
        }
    }

    @Test func `what fails while several are changed does not keep the others from their turn`() async throws {
        let daemon = PretendDaemon()
        try await ServerFixture.run(router: daemon.router) { path in
            let program = SwarmctlProgram(folder: "/tmp")
            let words = ["remove", "a", "stuck", "b", "--delete-data", "--socket", path]
            let outcome = try await program.run(words)
            #expect(outcome.status == 1 && outcome.errors == "swarmctl: it is stuck\n")
            let line = "removed 01234567  release (its data is deleted)\n"
            #expect(outcome.output == line + line)
            let expected = ["a", "b"].map { name in
                TorrentRemove.Params(id: TorrentSelector("\(PretendDaemon.named[name]!)"), deleteData: true)
            }
            #expect(daemon.state.withLock { $0.removed } == expected)
            let json = try await program.run(words + ["--json"])
            #expect(json.output.hasPrefix(#"{"results":[{"info_hash""#))
            #expect(json.output.contains(#"{"error":{"code":-32005"#) && json.output.contains(#""id":"stuck""#))
        }
    }

    @Test func `several sources are added, and one that is not there keeps none away`() async throws {
        let daemon = PretendDaemon()
        daemon.state.withLock { $0.lists = [[PretendDaemon.summary(.seeding, 1)]] }
        try await ServerFixture.run(router: daemon.router) { path in
            let program = SwarmctlProgram(folder: "/tmp")
            let words = ["add", "magnet:?a", "/tmp/no such.torrent", "magnet:?b", "--socket", path]
            let outcome = try await program.run(words)
            let line = "added 01234567  release (checking)\n"
            #expect(outcome.status == 1 && outcome.output == line + line)
            #expect(
                outcome.errors
                    == "swarmctl: cannot read /tmp/no such.torrent: No such file or directory; a .torrent file of this machine is wanted\n"
            )
            #expect(daemon.state.withLock { $0.added.map(\.source) } == [.magnet("magnet:?a"), .magnet("magnet:?b")])
            let waited = try await program.run(words + ["--wait"])
            #expect(waited.status == 1 && waited.output.hasPrefix("complete: release, 1.0 MiB\n"))
            let json = try await program.run(words + ["--json", "--wait"])
            #expect(json.output.hasPrefix(#"{"results":[{"#) && json.output.contains(#""id":"/tmp/no such.torrent""#))
        }
    }
}
