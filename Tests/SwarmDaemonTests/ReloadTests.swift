// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import Glibc
import Logging
import PeerNetwork
import StrategyHost
import SwarmConfig
import SwarmModel
import Systemd
import Testing

@testable import SwarmDaemon

@Suite struct ReloadTests {
    @Test func `live keys reach the parts that live by them`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let list = daemon.daemon.folder + "/blocked"
            try DaemonFixture.write(Array("10.1.2.0/24\n".utf8), to: list)
            try await daemon.reload(
                """
                allow_read = "everyone"
                control_group = "root"
                [log]
                level = "debug"
                [peer]
                connections = 40
                connections_per_torrent = 20
                block_list = "\(list)"
                [discovery]
                tracker = ["http://127.0.0.1:1/announce"]
                """)
            #expect(daemon.log.all.map(\.event).contains("daemon-reloaded"), "\(daemon.log.all)")
            #expect(daemon.volume.level == .debug)
            #expect(daemon.running.peer.connections == 40)
            #expect(daemon.access.policy.othersMayRead && daemon.access.policy.groupNumber == 0)
            let bans = daemon.daemon.methods.services.network.bans
            #expect(bans.refuses(try #require(IPAddress("10.1.2.3")), at: Instant(nanoseconds: 0)))
            #expect(!bans.refuses(try #require(IPAddress("10.1.3.3")), at: Instant(nanoseconds: 0)))
            #expect(await daemon.daemon.methods.status().trackers == ["http://127.0.0.1:1/announce"])
        }
    }

    @Test func `a new download folder is made, and is where torrents go from then on`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let folder = daemon.daemon.folder
            let text = "[daemon]\nstate_dir = \"\(folder)/state\"\ndownload_dir = \"\(folder)/new\"\n"
            try DaemonFixture.write(Array(text.utf8), to: daemon.path)
            await daemon.keeper.reload()
            #expect(DaemonFixture.exists(folder + "/new"))
            #expect(await daemon.daemon.methods.status().downloadDir == folder + "/new")
        }
    }

    @Test func `the block list is read again though its name is the same`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let list = daemon.daemon.folder + "/blocked"
            try DaemonFixture.write([], to: list)
            let address = try #require(IPAddress("10.1.2.3"))
            let bans = daemon.daemon.methods.services.network.bans
            try await daemon.reload("[peer]\nblock_list = \"\(list)\"")
            #expect(!bans.refuses(address, at: Instant(nanoseconds: 0)))
            try DaemonFixture.write(Array("10.0.0.0/8".utf8), to: list)
            await daemon.keeper.reload()
            #expect(bans.refuses(address, at: Instant(nanoseconds: 0)))
        }
    }

    @Test func `what needs a restart is named in a line of its own and stays as it is`() async throws {
        try await ConfiguredDaemon.run("threads = 2\n") { daemon in
            try await daemon.reload("threads = 3\n[store]\nread_cache = \"2 MiB\"\nsync_interval = \"1 s\"")
            let lines = daemon.log.all.filter { $0.event == "daemon-reloaded" }
            #expect(lines.map(\.level) == [.notice, .warning])
            #expect(
                lines.map(\.message) == [
                    "configuration reloaded; changed: store.sync_interval (\"5 s\" to \"1 s\")",
                    """
                    configuration reloaded; needs a restart: daemon.threads (2 to 3), store.read_cache ("32 MiB" to \
                    "2 MiB"); until `sudo systemctl restart swarmd` it stays as it was
                    """,
                ])
            #expect(daemon.running.daemon.threads == 2 && daemon.running.store.readCache == .mebibytes(32))
            #expect(daemon.running.store.syncInterval == .seconds(1))
        }
    }

    @Test func `a broken file is refused with the place of each problem, and nothing changes`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let before = daemon.running
            try await daemon.reload("[log]\nlevel = \"debug\"\n[peer]\nconections = 5\nupload_slots = -1")
            #expect(
                daemon.log.all.filter { $0.event == "reload-refused" }.map(\.message) == [
                    "configuration refused, the one in effect stays: \(daemon.path):8:1: unknown key conections in "
                        + "[peer]; did you mean connections?",
                    "configuration refused, the one in effect stays: \(daemon.path):9:16: peer.upload_slots: must be 0 "
                        + "to 10000, found -1",
                ])
            #expect(daemon.log.all.allSatisfy { $0.level == .error })
            #expect(daemon.running == before && daemon.volume.level == .info)
            unlink(daemon.path)
            await daemon.keeper.reload()
            #expect(daemon.log.all.last?.message.contains("No such file") == true)
            #expect(daemon.running == before)
        }
    }

    @Test func `what the machine cannot give is refused as well, before anything changes`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let before = daemon.running
            try await daemon.reload(
                """
                [peer]
                connections = 400
                block_list = "\(daemon.daemon.folder)/none"
                [strategy]
                picker = "no-such-picker"
                """)
            let refused = daemon.log.all.filter { $0.event == "reload-refused" }.map(\.message)
            #expect(refused.count == 2 && refused.first?.contains(":7:14: peer.block_list: ") == true, "\(refused)")
            #expect(refused.last?.contains(":9:10: strategy.picker: ") == true, "\(refused)")
            #expect(daemon.running == before)
        }
    }

    @Test(.enabled(if: DaemonFixture.hasPlugins, "the strategies are not built beside the tests"))
    func `torrents go on through a reload`() async throws {
        try await ConfiguredDaemon.run { daemon in
            let shared = try await daemon.daemon.share(try daemon.daemon.payload("release"))
            try await daemon.reload("[peer]\nconnections = 7\nconnections_per_torrent = 7")
            #expect(daemon.running.peer.connections == 7)
            try await daemon.reload("[peer\n")
            #expect(try await daemon.daemon.summary(shared.infoHash).state == .seeding)
        }
    }
}
