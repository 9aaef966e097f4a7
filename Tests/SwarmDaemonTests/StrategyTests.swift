// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import StrategyHost
import SwarmConfig
import SwarmModel
import Swarming
import Testing

@testable import SwarmDaemon

@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct StrategyTests {
    private func strategies(_ daemon: DaemonFixture, _ id: TorrentSelector) async throws -> TorrentStrategies {
        try #require(try await daemon.methods.strategies(StrategyGet.Params(id: id)).torrents.first)
    }

    @Test func `plugins are listed with what is set of them`() async throws {
        try await ConfiguredDaemon.run("[strategy.rarest-first]\nrandom-first = 9\n") { daemon in
            let plugins = await daemon.daemon.methods.plugins().plugins
            let picker = try #require(plugins.first { $0.name == "rarest-first" })
            #expect(picker.kind == "picker" && picker.isDefault && picker.interface == "1.2" && !picker.disabled)
            let option = try #require(picker.options.first { $0.key == "random-first" })
            #expect(option.value == "9" && option.default == "4" && option.type == "integer")
            #expect(option.minimum == 0 && option.maximum == 1000)
            #expect(
                plugins.map(\.kind)
                    == plugins.map(\.kind).sorted { ($0 == "picker" ? 0 : 1) < ($1 == "picker" ? 0 : 1) })
        }
    }

    @Test func `a choice for one torrent works at once, lasts over restarts, and can be taken back`() async throws {
        try await DaemonFixture.withFolder { folder in
            var hash = ""
            try await DaemonFixture.wake(in: folder) { daemon in
                let shared = try await daemon.share(try daemon.payload("release"))
                hash = "\(shared.infoHash)"
                let before = try await self.strategies(daemon, "release")
                #expect(before.picker == "rarest-first" && !before.ownPicker && before.workingPicker == "rarest-first")
                let set = try await daemon.directory.set(
                    TorrentSet.Params(id: "release", picker: "rarest-first", choker: "tit-for-tat"))
                #expect(set.ownPicker && set.ownChoker && set.picker == "rarest-first")
                #expect(try await daemon.summary(shared.infoHash).state == .seeding)
                #expect(try await daemon.summary(shared.infoHash).progress == 1)
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let id = TorrentSelector(hash)
                await daemon.directory.settle(try #require(InfoHash(hex: hash)))
                #expect(try await self.strategies(daemon, id).ownPicker)
                #expect(try await daemon.methods.strategies(StrategyGet.Params()).torrents.count == 1)
                let back = try await daemon.directory.set(
                    TorrentSet.Params(id: id, picker: "default", choker: "default"))
                #expect(!back.ownPicker && !back.ownChoker)
                #expect(try await daemon.methods.strategies(StrategyGet.Params()).torrents.isEmpty)
            }
        }
    }

    @Test func `compression is chosen for one torrent, lasts over restarts, and can be taken back`() async throws {
        try await DaemonFixture.withFolder { folder in
            var hash = ""
            try await DaemonFixture.wake(in: folder) { daemon in
                hash = "\(try await daemon.share(try daemon.payload("release")).infoHash)"
                let set = try await daemon.directory.set(TorrentSet.Params(id: "release", compression: "always"))
                #expect(set.compression == "always" && set.ownCompression && !set.ownPicker)
                await #expect(throws: ControlError.self) {
                    try await daemon.directory.set(TorrentSet.Params(id: "release", compression: "zip"))
                }
            }
            try await DaemonFixture.wake(in: folder) { daemon in
                let id = TorrentSelector(hash)
                let infoHash = try #require(InfoHash(hex: hash))
                await daemon.directory.settle(infoHash)
                #expect(
                    try await daemon.methods.strategies(StrategyGet.Params()).torrents.map(\.compression) == ["always"])
                let shown = try await daemon.directory.detail(id)
                #expect(shown.compression.mode == "always" && shown.compression.ratio == 1)
                let back = try await daemon.directory.set(TorrentSet.Params(id: id, compression: "default"))
                #expect(back.compression == "auto" && !back.ownCompression)
                #expect(try await daemon.methods.strategies(StrategyGet.Params()).torrents.isEmpty)
            }
        }
    }

    @Test func `what cannot be used is refused, and nothing changes`() async throws {
        try await DaemonFixture.run { daemon in
            let shared = try await daemon.share(try daemon.payload("release"))
            let unknown = await #expect(throws: (any Error).self) {
                try await daemon.directory.set(
                    TorrentSet.Params(id: "release", picker: "tit-for-tat", choker: "tit-for-tat"))
            }
            #expect(unknown is StrategyError)
            let after = try await self.strategies(daemon, "release")
            #expect(!after.ownPicker && !after.ownChoker && after.workingPicker == "rarest-first")
            #expect(try await daemon.summary(shared.infoHash).state == .seeding)
            let source = try await daemon.torrent(of: try daemon.payload("other", bytes: 5000))
            for (name, hint) in [("no-such", "`swarmctl plugins` lists"), ("sequental", "did you mean sequential?")] {
                let error = await #expect(throws: (any Error).self) {
                    try await daemon.methods.add(TorrentAdd.Params(source: source, picker: name))
                }
                #expect("\(error as Any)".contains(hint), "\(error as Any)")
            }
        }
    }

    @Test func `new options reach torrents that run`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let directory = daemon.daemon.directory
            await daemon.keeper.follow { await directory.applyStrategies() }
            let shared = try await daemon.daemon.share(try daemon.daemon.payload("release"))
            try await daemon.reload("[strategy.rarest-first]\nrandom-first = 17\n")
            #expect(await directory.pickerOptions(of: shared.infoHash) == ["random-first": "17"])
            #expect(daemon.log.all.last?.message.contains("strategy.rarest-first.random-first (unset to 17)") == true)
            #expect(try await daemon.daemon.summary(shared.infoHash).state == .seeding)
            #expect(try await self.strategies(daemon.daemon, "release").workingPicker == "rarest-first")
        }
    }

    @Test func `options that a plugin does not take are refused with their place`() async throws {
        try await ConfiguredDaemon.run { daemon in
            try await daemon.reload(
                "[strategy.rarest-first]\nrandom-frist = 17\n[strategy.tit-for-tat]\nnone = 1\n[strategy.gone]\na = 1\n"
            )
            let refused = daemon.log.all.filter { $0.event == "reload-refused" }.map(\.message)
            #expect(refused.count == 2, "\(refused)")
            #expect(
                refused.first?.hasSuffix(
                    "swarmd.toml:6:1: strategy.rarest-first.random-frist: rarest-first has no such option; did you mean "
                        + "random-first?") == true, "\(refused)")
            try await daemon.reload("[strategy.rarest-first]\nrandom-first = \"many\"\n")
            #expect(
                daemon.log.all.last?.message.hasSuffix(
                    "6:16: strategy.rarest-first.random-first: expected an integer, found a string") == true,
                "\(daemon.log.all)")
            try await daemon.reload("[strategy.rarest-first]\nrandom-first = 1001\n")
            #expect(
                daemon.log.all.last?.message.hasSuffix("random-first: must be 0 to 1000, found 1001") == true,
                "\(daemon.log.all)")
            #expect(daemon.running.strategy.options.names.isEmpty)
        }
    }

    @Test func `what no daemon would start with is told beforehand`() throws {
        func faults(_ text: String) throws -> [String] {
            let loaded = try DaemonConfiguration.parse([ConfigurationSource(path: "a.toml", text: text)])
            return ConfigurationAdvice.faults(loaded).map(\.description)
        }
        #expect(try faults("[strategy.rarest-first]\nrandom-first = 3\n").isEmpty)
        #expect(
            try faults("[strategy.rarest-first]\nrandom-first = -3\n") == [
                "a.toml:2:16: strategy.rarest-first.random-first: must be 0 to 1000, found -3"
            ])
        // It may be that only its file is missing.
        #expect(try faults("[strategy.rarest-frist]\nrandom-first = -3\n").isEmpty)
        let loaded = try DaemonConfiguration.parse([
            ConfigurationSource(path: "a.toml", text: "[strategy.rarest-frist]\nrandom-first = 3\n")
        ])
        let warnings = ConfigurationAdvice.warnings(loaded).map(\.description)
        #expect(warnings.contains { $0.contains("did you mean [strategy.rarest-first]?") }, "\(warnings)")
    }

    @Test func `a strategy that is gone is told once, and the one that ships takes its place`() throws {
        let record = RecordingLogHandler.Record()
        let logger = Logger(label: "test") { _ in RecordingLogHandler(record: record) }
        let library = StrategyLibrary(host: StrategyHost(logger: logger), logger: logger)
        let geometry = try #require(TorrentGeometry(totalLength: 1 << 20, pieceLength: 1 << 16))
        var settings = DaemonConfiguration().strategy
        settings.picker = "gone"
        settings.choker = "lost"
        let choice = StrategyChoice(settings)
        for _ in 0..<3 {
            #expect(library.picker(choice.picker, for: geometry, seed: 1).name == "rarest-first")
            #expect(library.choker(choice.choker, for: geometry, seed: 1).name == "tit-for-tat")
        }
        library.survey(needed: choice)
        let lines = record.all.filter { $0.event == "strategy-missing" }.map(\.message)
        #expect(lines.count == 2, "\(lines)")
        #expect(lines.first?.hasPrefix("the picker gone cannot be used, another takes its place: ") == true)
        let bare = StrategyLibrary(
            host: StrategyHost(probe: nil, logger: logger), logger: logger)
        #expect(bare.picker(choice.picker, for: geometry, seed: 1).name == "rarest-first")
    }
}

extension TorrentDirectory {
    /// What the picker that decides for a running torrent was given.
    fileprivate func pickerOptions(of infoHash: InfoHash) -> [String: String]? {
        self.entries[infoHash]?.choice?.picker.options
    }
}
