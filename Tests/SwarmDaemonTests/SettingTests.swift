// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import FoundationEssentials
import Glibc
import Logging
import SwarmConfig
import Systemd
import Testing

@testable import SwarmDaemon

@Suite struct SettingTests {
    @Test func `every key is told with its value and where that comes from`() async throws {
        try await ConfiguredDaemon.run("[peer]\nconnections = 400\n") { daemon in
            let all = try await daemon.keeper.settings(nil)
            #expect(all.path == daemon.path)
            let keys = DaemonConfiguration.keys.map(\.dottedName)
            #expect(Array(all.settings.map(\.key).prefix(keys.count)) == keys)
            #expect(all.settings.dropFirst(keys.count).allSatisfy { $0.key.hasPrefix("strategy.") })
            let connections = try #require(try await daemon.keeper.settings("peer.connections").settings.first)
            #expect(connections.value == "400" && connections.origin == .file && connections.live)
            #expect(connections.place == "\(daemon.path):6" && connections.accepts == "1 to 100000")
            let threads = try #require(try await daemon.keeper.settings("daemon.threads").settings.first)
            #expect(threads.value == "0" && threads.origin == .default && !threads.live && threads.place == nil)
            let plugins = try #require(try await daemon.keeper.settings("daemon.plugin_dir").settings.first)
            #expect(plugins.value == nil && plugins.configured == nil)
        }
    }

    @Test func `a live key is set at once, and holds until it is taken back`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let set = try await daemon.keeper.set("log.level", to: "debug")
            #expect(set.value == #""debug""# && set.origin == .live && set.configured == #""info""#)
            #expect(daemon.volume.level == .debug && daemon.running.log.level == .debug)
            let back = try await daemon.keeper.unset("log.level")
            #expect(back.value == #""info""# && back.origin == .default && back.configured == nil)
            #expect(daemon.volume.level == .info)
            #expect(daemon.log.all.map(\.event) == ["setting-changed", "setting-changed"])
            #expect(
                daemon.log.all.map(\.message) == [
                    #"log.level was set to "debug" with swarmctl, until the next reload or restart"#,
                    #"log.level was set back to "info" with swarmctl, as the files say"#,
                ])
            // Once more is no error.
            #expect(try await daemon.keeper.unset("log.level").value == #""info""#)
        }
    }

    @Test func `a reload takes what the files say, and names what was set`() async throws {
        try await ConfiguredDaemon.run { daemon in
            _ = try await daemon.keeper.set("peer.upload_slots", to: "9")
            await daemon.keeper.reload()
            #expect(daemon.running.peer.uploadSlots == 0)
            #expect(
                daemon.log.all.last?.message == "configuration reloaded; changed: peer.upload_slots (9 to 0)")
            #expect(try await daemon.keeper.settings("peer.upload_slots").settings.first?.origin == .default)
        }
    }

    @Test func `a refused reload keeps what was set`() async throws {
        try await ConfiguredDaemon.run { daemon in
            _ = try await daemon.keeper.set("peer.upload_slots", to: "9")
            try await daemon.reload("[")
            #expect(try await daemon.keeper.settings("peer.upload_slots").settings.first?.origin == .live)
            #expect(daemon.running.peer.uploadSlots == 9)
        }
    }

    @Test(arguments: [
        ("peer.connections", "0", ControlErrorCode.invalidParams, "peer.connections: must be 1 to 100000, found 0"),
        ("peer.connections", "50", .invalidParams, "peer.connections_per_torrent: must not be more than"),
        ("peer.conections", "5", .notFound, "did you mean peer.connections?"),
        ("peer.listen", "[]", .refused, "then `sudo systemctl restart swarmd`"),
        ("peer.block_list", "/no/such/list", .invalidParams, "peer.block_list: cannot read the block list"),
        ("strategy.choker", "none-such", .invalidParams, "strategy.choker: there is no choker"),
        ("strategy.choker", "none-such", .invalidParams, "; `swarmctl plugins` lists what there is"),
    ])
    func `what cannot be set is refused and changes nothing`(
        key: String, value: String, code: ControlErrorCode, words: String
    ) async throws {
        try await ConfiguredDaemon.run { daemon in
            let before = daemon.running
            let error = await #expect(throws: ControlError.self) { try await daemon.keeper.set(key, to: value) }
            #expect(error?.code == code && error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(daemon.running == before && daemon.log.all.allSatisfy { $0.event != "setting-changed" })
        }
    }

    @Test func `a key that waits for a restart tells both values`() async throws {
        try await ConfiguredDaemon.run { daemon in
            try await daemon.reload("threads = 3\n")
            let threads = try #require(try await daemon.keeper.settings("daemon.threads").settings.first)
            #expect(threads.value == "0" && threads.configured == "3" && threads.place == "\(daemon.path):5")
        }
    }

    @Test func `over the socket those who may only look see the configuration and change nothing`() async throws {
        try await DaemonFixture.run { daemon in
            let policy = AccessPolicy(daemonUser: 1, groupName: "g", groupNumber: nil, othersMayRead: true)
            let responder = ControlResponder(router: daemon.methods.router, policy: policy)
            func answer(_ method: String, _ params: String, uid: UInt32) async -> String {
                let line = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#
                let caller = policy.caller(PeerIdentity(uid: uid, gid: 7, pid: 1))
                let answer = await responder.answer(to: Array(line.utf8), from: caller)
                return String(decoding: answer.text ?? [], as: UTF8.self)
            }
            let key = #"{"key":"peer.upload_slots"}"#
            #expect(await answer("config.get", key, uid: 7).contains(#""key":"peer.upload_slots","live":true"#))
            let set = #"{"key":"peer.upload_slots","value":"9"}"#
            #expect(await answer("config.set", set, uid: 7).contains(#""name":"permission""#))
            #expect(await answer("config.unset", key, uid: 7).contains(#""name":"permission""#))
            #expect(daemon.methods.services.configuration.peer.uploadSlots == 0)
            #expect(await answer("config.set", set, uid: 0).contains(#""origin":"live""#))
            #expect(daemon.methods.services.configuration.peer.uploadSlots == 9)
            #expect(await answer("config.unset", key, uid: 0).contains(#""origin":"default""#))
        }
    }
}
