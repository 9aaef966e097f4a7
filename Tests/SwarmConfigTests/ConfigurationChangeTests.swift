// SPDX-License-Identifier: Apache-2.0

import SwarmConfig
import SwarmModel
import Testing

@Suite struct ConfigurationChangeTests {
    @Test func `what is live is applied and what is not waits, key by key`() {
        let running = DaemonConfiguration()
        var wanted = running
        wanted.peer.connections = 300
        wanted.peer.listen = []
        wanted.log.level = .debug
        wanted.daemon.threads = 3
        let change = ConfigurationChange(from: running, to: wanted)
        #expect(change.applied.map(\.key) == ["log.level", "peer.connections"])
        #expect(change.awaitingRestart.map(\.key) == ["daemon.threads", "peer.listen"])
        #expect(change.effective.peer.connections == 300 && change.effective.log.level == .debug)
        #expect(change.effective.peer.listen == running.peer.listen && change.effective.daemon.threads == 0)
        #expect(
            change.summary
                == "configuration reloaded; changed: log.level (\"info\" to \"debug\"), peer.connections (500 to 300)")
        #expect(
            change.waiting(for: "swarmd") == """
                configuration reloaded; needs a restart: daemon.threads (0 to 3), peer.listen (["0.0.0.0:6881", \
                "[::]:6881"] to []); until `sudo systemctl restart swarmd` it stays as it was
                """)
    }

    @Test func `what waits for a restart is named again by every reload, until it is taken back`() {
        let running = DaemonConfiguration()
        var wanted = running
        wanted.daemon.stateDirectory = "/srv/state"
        let first = ConfigurationChange(from: running, to: wanted)
        #expect(first.awaitingRestart.map(\.key) == ["daemon.state_dir"] && first.applied.isEmpty)
        #expect(first.summary == nil)
        #expect(ConfigurationChange(from: first.effective, to: wanted).awaitingRestart == first.awaitingRestart)
        let back = ConfigurationChange(from: first.effective, to: running)
        #expect(back.awaitingRestart.isEmpty && back.summary == "configuration reloaded; nothing changed")
        #expect(back.waiting(for: "swarmd") == nil)
    }

    @Test func `a key that can be unset changes to and from nothing`() {
        var wanted = DaemonConfiguration()
        wanted.daemon.pluginDirectory = "/opt/plugins"
        let change = ConfigurationChange(from: DaemonConfiguration(), to: wanted)
        #expect(change.awaitingRestart.map(\.description) == [#"daemon.plugin_dir (unset to "/opt/plugins")"#])
    }

    @Test func `every key is carried over by its own name alone`() throws {
        for key in DaemonConfiguration.keys { try self.check(key, of: DaemonConfiguration()) }
        for key in TrackerConfiguration.keys { try self.check(key, of: TrackerConfiguration()) }
    }

    /// Changes one key to another value that it takes, and looks at what else changed.
    private func check<Root: Configuration>(_ key: SettingKey<Root>, of start: Root) throws {
        let candidates = [
            "true", "false", "97", "7", "\"97 s\"", "\"97 MiB\"", "\"/some/where\"", "\"word\"", "[]", "\"debug\"",
            "\"required\"", "\"never\"", "\"everyone\"", "\"journal\"", "\"997 s\"", "[\"http://t.example/announce\"]",
            "[\"10.0.0.0/8\"]", "[\"mon-fri 08:00-18:00\"]", "\"t.example:6969\"", "[\"allow\"]", "first",
        ]
        let changed = try #require(
            candidates.lazy.compactMap { text in
                (try? key.changed(start, to: text)).flatMap { key.text(in: $0) == key.text(in: start) ? nil : $0 }
            }.first, "\(key.dottedName)")
        let change = ConfigurationChange(from: start, to: changed)
        #expect((change.applied + change.awaitingRestart).map(\.key) == [key.dottedName])
        let text = key.text(in: change.effective)
        switch key.effect {
        case .live: #expect(change.applied.count == 1 && text == key.text(in: changed))
        case .restart: #expect(change.awaitingRestart.count == 1 && text == key.text(in: start))
        }
    }
}
