// SPDX-License-Identifier: Apache-2.0

import SwarmConfig
import Testing

@Suite struct SettingTextTests {
    private func set(_ name: String, _ text: String) throws -> String? {
        let key = try #require(DaemonConfiguration.key(named: name))
        return key.text(in: try key.changed(DaemonConfiguration(), to: text))
    }

    @Test(arguments: [
        ("peer.connections", "300", "300"), ("log.level", "debug", #""debug""#),
        ("log.level", #""debug""#, #""debug""#),
        ("store.sync_interval", "10 s", #""10 s""#), ("store.sync_interval", "10", #""10 s""#),
        ("daemon.download_dir", "/srv/a b", #""/srv/a b""#), ("peer.block_list", #""""#, #""""#),
        ("discovery.dht", "false", "false"), ("strategy.picker", "true", #""true""#),
        ("discovery.tracker", "http://a/announce, udp://b:1/announce", #"["http://a/announce", "udp://b:1/announce"]"#),
        ("discovery.tracker", #"["http://a/announce"]"#, #"["http://a/announce"]"#), ("discovery.tracker", "[]", "[]"),
        ("daemon.plugin_dir", "/opt/p", #""/opt/p""#),
    ])
    func `a value is TOML, or the bare words of a string`(name: String, text: String, value: String) throws {
        #expect(try self.set(name, text) == value)
    }

    @Test(arguments: [
        ("peer.connections", "0", "peer.connections: must be 1 to 100000, found 0"),
        ("peer.connections", "many", "peer.connections: expected an integer, found a string"),
        ("peer.connections", "1\nupload_slots = 2", "peer.connections: expected an integer, found a string"),
        ("log.level", "debg", #"did you mean "debug"?"#),
        ("store.sync_interval", "1 h", #"must be "100 ms" to "10 min""#),
        ("discovery.tracker", "example", "expected a tracker's announce URL"),
        ("daemon.download_dir", "srv", "absolute"),
        ("daemon.download_dir", "", "found an empty string"), ("discovery.dht", "yes", "expected true or false"),
    ])
    func `a value that does not do is refused as in a file`(name: String, text: String, reason: String) throws {
        let error = #expect(throws: SettingRefusal.self) { try self.set(name, text) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        ("peer.conections", "peer.connections"), ("connections", "peer.connections"), ("log.lvel", "log.level"),
        ("upload_slot", "peer.upload_slots"), ("peer.sync_interval", "store.sync_interval"),
    ])
    func `a mistyped key is guessed, with its table or without`(typed: String, meant: String) {
        #expect(DaemonConfiguration.key(named: typed) == nil)
        #expect(DaemonConfiguration.nearestKey(to: typed) == meant)
    }

    @Test func `of a key that is nothing like any other nothing is guessed`() {
        #expect(DaemonConfiguration.nearestKey(to: "colour") == nil)
        #expect(DaemonConfiguration.nearestKey(to: "") == nil)
    }
}
