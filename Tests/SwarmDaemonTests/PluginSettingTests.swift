// SPDX-License-Identifier: Apache-2.0

import ControlWire
import SwarmConfig
import Testing

@testable import SwarmDaemon

/// The options of plugins, told and set like the keys of swarmd's own.
@Suite(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
struct PluginSettingTests {
    private static let key = "strategy.rarest-first.random-first"

    private func setting(_ daemon: ConfiguredDaemon, _ key: String = Self.key) async throws -> ConfigSetting {
        try #require(try await daemon.keeper.settings(key).settings.first)
    }

    @Test func `the options of every plugin are listed with their help, and each once`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let all = try await daemon.keeper.settings(nil).settings
            let option = try #require(all.first { $0.key == Self.key })
            #expect(option.value == "4" && option.origin == .default && option.live && option.configured == nil)
            #expect(option.accepts == "0 to 1000" && option.help.contains("picked at random"))
            #expect(Set(all.map(\.key)).count == all.count)
            #expect(all.contains { $0.key == "strategy.tit-for-tat.optimistic-interval" })
            #expect(try await self.setting(daemon) == option)
        }
    }

    @Test func `what a file sets of a plugin is told with its place`() async throws {
        try await ConfiguredDaemon.run("[strategy.rarest-first]\nrandom-first = 9\n") { daemon in
            let option = try await self.setting(daemon)
            #expect(option.value == "9" && option.origin == .file && option.place == "\(daemon.path):6")
        }
    }

    @Test func `an option is set at once, and holds until it is taken back`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let set = try await daemon.keeper.set(Self.key, to: "7")
            #expect(set.value == "7" && set.origin == .live && set.configured == "4")
            #expect(daemon.running.strategy.options["rarest-first"] == ["random-first": .integer(7)])
            let back = try await daemon.keeper.unset(Self.key)
            #expect(back.value == "4" && back.origin == .default)
            #expect(daemon.running.strategy.options.names.isEmpty)
            #expect(
                daemon.log.all.map(\.message) == [
                    "\(Self.key) was set to 7 with swarmctl, until the next reload or restart",
                    "\(Self.key) was set back to 4 with swarmctl, as the files say",
                ])
        }
    }

    /// Connections keep the transports that the daemon began with.
    @Test func `a reload says that an option of a transport waits for a restart, and of a picker that it does not`()
        async throws
    {
        try await ConfiguredDaemon.run("[strategy.utp]\ntarget-delay = 50\n") { daemon in
            try await daemon.reload("[strategy.utp]\ntarget-delay = 70\n[strategy.rarest-first]\nrandom-first = 9")
            #expect(
                daemon.log.all.filter { $0.event == "daemon-reloaded" }.map(\.message) == [
                    "configuration reloaded; changed: \(Self.key) (unset to 9)",
                    """
                    configuration reloaded; needs a restart: strategy.utp.target-delay (50 to 70); until `sudo systemctl \
                    restart swarmd` it stays as it was
                    """,
                ])
            #expect(daemon.running.strategy.options["utp"] == ["target-delay": .integer(50)])
            let option = try await self.setting(daemon, "strategy.utp.target-delay")
            #expect(option.value == "50" && option.configured == "70" && !option.live)
        }
    }

    @Test func `an option that is taken back has again what the file says`() async throws {
        try await ConfiguredDaemon.run("[strategy.rarest-first]\nrandom-first = 9\n") { daemon in
            let set = try await daemon.keeper.set(Self.key, to: "0")
            #expect(set.value == "0" && set.configured == "9")
            let back = try await daemon.keeper.unset(Self.key)
            #expect(back.value == "9" && back.origin == .file)
            #expect(daemon.running.strategy.options["rarest-first"] == ["random-first": .integer(9)])
        }
    }

    @Test(arguments: [
        (Self.key, "1001", ControlErrorCode.invalidParams, "\(Self.key): must be 0 to 1000, found 1001"),
        (Self.key, "many", .invalidParams, "expected an integer"),
        (Self.key, "[1]", .invalidParams, "found a list"),
        ("strategy.rarest-first.random-frist", "1", .notFound, "did you mean \(Self.key)?"),
        ("strategy.no-such.window", "1", .notFound, "no key is called"),
    ])
    func `what an option does not take is refused and changes nothing`(
        key: String, value: String, code: ControlErrorCode, words: String
    ) async throws {
        try await ConfiguredDaemon.run { daemon in
            let before = daemon.running
            let error = await #expect(throws: ControlError.self) { try await daemon.keeper.set(key, to: value) }
            #expect(error?.code == code && error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(daemon.running == before && daemon.log.all.isEmpty)
        }
    }
}
